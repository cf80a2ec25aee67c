import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Events } from '../events/events.ts';
import { acknowledgeAlarm, selectAlarms, type StoredAlarm } from '../store/alarms.ts';
import { insertAuditEntries } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { answerCsv, csvLike, everyRow, wantsCsv } from './csv.ts';
import { AlarmShape, alarmShape, AlarmState } from './history-shapes.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { authorOf, callerOf, feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { pageOf } from './shapes.ts';
import { CursorMs, SpanCursor, spanOfPage, spanQuery } from './time-span.ts';

export type AlarmRouteDeps = { db: Database; clock: BridgeClock; events: Pick<Events, 'poke'> };

const DEFAULT_DAYS = 7;
const AlarmQuery = PageQuery.extend({
  ...spanQuery(DEFAULT_DAYS).shape,
  state: z
    .enum(AlarmState.options, `expected one of ${AlarmState.options.join(', ')}`)
    .optional()
    .meta({ description: 'Only alarms that are in this state now.' }),
});
const AlarmId = z.uuid();
/** A cursor belongs to the list it was given for: of all alarms, or of those in one state. */
const Cursor = SpanCursor.extend({ raisedAtMs: CursorMs, alarmId: AlarmId, state: AlarmState.optional() });

const AlarmPage = pageOf(AlarmShape, 'AlarmPage');

const EXAMPLE: z.output<typeof AlarmShape> = {
  alarmId: '8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55',
  feederId: 'pond-1',
  name: 'motorJam',
  origin: 'plc',
  severity: 'critical',
  detail: 'The PLC reports motorJam.',
  state: 'open',
  raisedAt: '2026-01-31T08:00:00.000Z',
  clearedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
};
const COLUMNS = [
  'alarmId', 'feederId', 'name', 'origin', 'severity', 'detail', 'state', 'raisedAt', 'clearedAt', 'acknowledgedAt', 'acknowledgedBy',
] as const;
const CSV_EXAMPLE = `${COLUMNS.join()}\r\n${EXAMPLE.alarmId},pond-1,motorJam,plc,critical,The PLC reports motorJam.,open,${EXAMPLE.raisedAt},,,\r\n`;

export const listAlarms = ({ db, clock }: AlarmRouteDeps): Operation => ({
  operationId: 'listAlarms',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'Alarms',
  summary: 'List alarms',
  description: [
    'Alarms that were open at some time of the span, those raised last first: raised before `to` and not cleared before `from`.',
    'As CSV all of them in one answer.',
  ].join(' '),
  query: AlarmQuery,
  answers: { 200: { description: 'A page of alarms.', body: bodyLike(AlarmPage, { items: [EXAMPLE] }), csv: csvLike(CSV_EXAMPLE) } },
  problems: [badPage(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const asCsv = wantsCsv(request, response);
    const { from, to, state, ...asked } = parseQuery(AlarmQuery, request);
    const { limit, after } = pageIn(asked, Cursor);
    if (after && after.state !== state) throw badPage();
    const filter = { ...spanOfPage({ from, to }, DEFAULT_DAYS, clock.now(), after), state };
    const { feederId } = feederOf(response);
    if (asCsv) {
      const alarms = everyRow<StoredAlarm>((most, last) => selectAlarms(db, feederId, filter, most, last));
      await answerCsv(request, response, COLUMNS, alarms, alarmShape);
      return;
    }
    const alarms = await selectAlarms(db, feederId, filter, limit + 1, after);
    const { items, ...rest } = page(alarms, limit, ({ raisedAtMs, alarmId }) => ({ ...filter, raisedAtMs, alarmId }));
    response.json({ items: items.map(alarmShape), ...rest });
  },
});

const noSuchAlarm = (): Problem => new Problem('not-found', 'This feeder has no alarm with this id.');

export const postAcknowledgement = ({ db, clock, events }: AlarmRouteDeps): Operation => ({
  operationId: 'acknowledgeAlarm',
  role: 'operator',
  tag: 'Alarms',
  summary: 'Acknowledge an alarm',
  description: 'Says that somebody knows of it, in the name of the key. The first acknowledgement stands; another changes nothing.',
  answers: {
    200: {
      description: 'The alarm, acknowledged.',
      body: bodyLike(AlarmShape, { ...EXAMPLE, acknowledgedAt: '2026-01-31T08:03:20.000Z', acknowledgedBy: 'admin' }),
    },
  },
  problems: [noSuchAlarm(), ...storeProblems()],
  handle: async (request, response) => {
    const alarmId = AlarmId.safeParse(request.params['alarmId']);
    if (!alarmId.success) throw noSuchAlarm();
    const { feederId, site } = feederOf(response);
    const acknowledged = { by: callerOf(response).name, atMs: clock.now() };
    const alarm = await db.transaction(async (tx) => {
      const found = await acknowledgeAlarm(tx, { feederId, alarmId: alarmId.data }, acknowledged);
      if (found?.isFirst) {
        const result = { kind: 'done' as const, before: null, after: { name: found.alarm.name } };
        await insertAuditEntries(tx, [
          { atMs: acknowledged.atMs, author: authorOf(response), action: 'acknowledgeAlarm', sites: [site], feederId, target: alarmId.data, result },
        ]);
      }
      return found?.alarm;
    });
    if (alarm === undefined) throw noSuchAlarm();
    events.poke();
    response.json(alarmShape(alarm));
  },
});
