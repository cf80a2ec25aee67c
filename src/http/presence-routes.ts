import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import { MAX_CHANGES_SHOWN, presenceDays, type PresenceDay } from '../history/presence-days.ts';
import { momentOf, newestSiteDays } from '../history/site-days.ts';
import type { Database } from '../store/database.ts';
import { selectPresenceChanges, type PresenceChange } from '../store/presence-changes.ts';
import { answerCsv, csvLike, everyRow, wantsCsv } from './csv.ts';
import { PresenceChangeShape, presenceChangeShape } from './history-shapes.ts';
import { bodyLike, type Operation } from './operation.ts';
import { PresenceSpanShape, presenceSpanShape } from './overview-shapes.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered, pageOf } from './shapes.ts';
import { SpanCursor, spanOfPage, spanQuery, type TimeSpan } from './time-span.ts';

export type PresenceRouteDeps = { db: Database; clock: BridgeClock };

const DEFAULT_DAYS = 7;
const PresenceQuery = PageQuery.extend(spanQuery(DEFAULT_DAYS).shape);
const Cursor = SpanCursor.extend({ date: z.iso.date() });

const PresenceDayShape = z
  .object({
    date: z.iso.date(),
    onlineShare: z.number().min(0).max(1).meta({ description: 'Of the time that is known.' }),
    onlineSeconds: z.number(),
    knownSeconds: z.number().meta({ description: 'How much of the day is known: not what was before the first change, nor what is still to come, nor while no bridge was there to watch.' }),
    changes: z.array(PresenceChangeShape).meta({ description: `Newest first, ${MAX_CHANGES_SHOWN} at most.` }),
    spans: z.array(PresenceSpanShape).meta({
      description: `When it was what, oldest first; what nobody knows is in no span. Of more than ${MAX_CHANGES_SHOWN} the newest.`,
    }),
  })
  .register(answered, { id: 'PresenceDay', description: "A day of the feeder's time zone: how much of it the feeder was online." });

const PresencePage = pageOf(PresenceDayShape, 'PresencePage');

const EXAMPLE: z.output<typeof PresenceDayShape> = {
  date: '2026-01-31',
  onlineShare: 0.75,
  onlineSeconds: 64_800,
  knownSeconds: 86_400,
  changes: [{ at: '2026-01-31T06:00:00.000Z', state: 'online', reason: 'connected' }],
  spans: [
    { state: 'offline', from: '2026-01-31T00:00:00.000Z', to: '2026-01-31T06:00:00.000Z' },
    { state: 'online', from: '2026-01-31T06:00:00.000Z', to: '2026-02-01T00:00:00.000Z' },
  ],
};
const COLUMNS = ['at', 'state', 'reason'] as const;
const CSV_EXAMPLE = 'at,state,reason\r\n2026-01-31T06:00:00.000Z,online,connected\r\n';

export const listPresence = ({ db, clock }: PresenceRouteDeps): Operation => ({
  operationId: 'listPresence',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'History',
  summary: 'See how much of each day a feeder was online',
  description: [
    "The days that the span touches, whole days of the feeder's time zone, newest first, today up to now; days of which nothing",
    'is known are left out. A bridge that finds at its start that a lease ran out while none was there tells that as it finds it,',
    'and the time since the feeder was last seen counts neither as online nor as known. As CSV the changes themselves, newest',
    'first, those of the span in one answer.',
  ].join(' '),
  query: PresenceQuery,
  answers: { 200: { description: 'A page of days.', body: bodyLike(PresencePage, { items: [EXAMPLE] }), csv: csvLike(CSV_EXAMPLE) } },
  problems: [badPage(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const asCsv = wantsCsv(request, response);
    const { from, to, ...asked } = parseQuery(PresenceQuery, request);
    const { limit, after } = pageIn(asked, Cursor);
    const nowMs = clock.now();
    const span = spanOfPage({ from, to }, DEFAULT_DAYS, nowMs, after);
    const { feederId, timeZone } = feederOf(response);
    const changesOf = (times: TimeSpan): AsyncGenerator<PresenceChange, void> =>
      everyRow((most, last) => selectPresenceChanges(db, feederId, times, most, last));
    if (asCsv) {
      await answerCsv(request, response, COLUMNS, changesOf(span), presenceChangeShape);
      return;
    }
    const endsAtMs = after === undefined ? Infinity : momentOf(after.date, 0, timeZone);
    const days = newestSiteDays(span.fromMs, Math.min(span.toMs, nowMs, endsAtMs), timeZone, limit + 1);
    // What held when the oldest of them began was told before it.
    const found = await presenceDays(days, changesOf({ fromMs: 0, toMs: days[0]?.toMs ?? 0 }), nowMs);
    const { items, ...rest } = page(found, limit, ({ date }) => ({ ...span, date }));
    response.json({ items: items.map(presenceDayShape), ...rest });
  },
});

const presenceDayShape = ({ date, onlineMs, knownMs, changes, spans }: PresenceDay): z.output<typeof PresenceDayShape> => ({
  date,
  onlineShare: knownMs === 0 ? 0 : onlineMs / knownMs,
  onlineSeconds: onlineMs / 1000,
  knownSeconds: knownMs / 1000,
  changes: changes.map(presenceChangeShape),
  spans: spans.map(presenceSpanShape),
});
