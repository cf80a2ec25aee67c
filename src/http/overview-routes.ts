import { z } from 'zod';
import { seesSite } from '../access/caller.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Directory } from '../feeders/directory.ts';
import { overviewsOf } from '../history/overview.ts';
import type { Database } from '../store/database.ts';
import { someFeeders } from './feeder-list.ts';
import { bodyLike, type Operation } from './operation.ts';
import { OverviewShape, overviewShape } from './overview-shapes.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { callerOf, feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { pageOf } from './shapes.ts';

export type OverviewRouteDeps = { db: Database; clock: BridgeClock; directory: Pick<Directory, 'page'> };

const OverviewQuery = PageQuery.extend({ feeders: someFeeders('Only these feeders, with commas between; those that are not there are left out.') });
const Cursor = z.object({ feederId: z.string() });
const OverviewPage = pageOf(OverviewShape, 'FeederOverviewPage');

const EXAMPLE: z.output<typeof OverviewShape> = {
  feederId: 'pond-1',
  at: '2026-01-31T08:00:12.000Z',
  today: { date: '2026-01-31', meals: 3, fedGrams: 358, plannedGrams: 1_680, plannedSoFarGrams: 360 },
  lastMeal: { at: '2026-01-31T08:00:06.000Z', grams: 118, count: 1, source: 'schedule' },
  lastDose: { at: '2026-01-30T16:05:00.000Z', grams: 50, commandId: 'e2b7a6de-44a1-4d0c-8f7e-5d0b9a6c1f38', counted: true },
  hopper: { grams: 84_000, readAt: '2026-01-31T08:00:12.000Z', gramsPerDay: 1_680, daysLeft: 50, emptyAt: '2026-03-22T08:00:12.000Z' },
  presence: [
    { state: 'offline', from: '2026-01-30T08:00:12.000Z', to: '2026-01-30T09:12:00.000Z' },
    { state: 'online', from: '2026-01-30T09:12:00.000Z', to: '2026-01-31T08:00:12.000Z' },
  ],
  openAlarms: [
    {
      alarmId: '8d0e2a94-6f0b-4f1e-9a3c-2b7f6f1d0c55',
      feederId: 'pond-1',
      name: 'hopperLow',
      origin: 'plc',
      severity: 'warning',
      detail: 'The PLC reports hopperLow.',
      state: 'open',
      raisedAt: '2026-01-31T07:40:00.000Z',
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
    },
  ],
  openAlarmCount: 1,
};

const ABOUT = [
  "What it was fed today, on the calendar of its time zone, and what its schedule asked for; its last meal and dose; how long its hopper",
  'lasts; when it was online; and its open alarms.',
].join(' ');

export const listOverviews = ({ db, clock, directory }: OverviewRouteDeps): Operation => ({
  operationId: 'listOverviews',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'Feeders',
  summary: 'See how all feeders are doing',
  description: `Every feeder of the sites that the key is for, by \`feederId\`. ${ABOUT}`,
  query: OverviewQuery,
  answers: { 200: { description: 'A page of overviews.', body: bodyLike(OverviewPage, { items: [EXAMPLE] }) } },
  problems: [new Problem('malformed', 'feeders: expected ids of feeders, with commas between.'), badPage(), ...storeProblems()],
  handle: async (request, response) => {
    const { feeders, ...asked } = parseQuery(OverviewQuery, request);
    const { limit, after } = pageIn(asked, Cursor);
    const caller = callerOf(response);
    const some = feeders === undefined ? undefined : new Set(feeders.split(','));
    const isAsked = ({ feederId, site }: { feederId: string; site: string }): boolean => some?.has(feederId) !== false && seesSite(caller, site);
    const { items, ...rest } = page(directory.page(limit + 1, after?.feederId, isAsked), limit, ({ feederId }) => ({ feederId }));
    const nowMs = clock.now();
    const overviews = await overviewsOf(db, items, nowMs);
    response.json({ items: overviews.map((overview) => overviewShape(overview, nowMs)), ...rest });
  },
});

export const getOverview = ({ db, clock }: OverviewRouteDeps): Operation => ({
  operationId: 'getOverview',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'Feeders',
  summary: 'See how a feeder is doing',
  description: ABOUT,
  answers: { 200: { description: 'The overview.', body: bodyLike(OverviewShape, EXAMPLE) } },
  problems: [noSuchFeeder(), ...storeProblems()],
  handle: async (_request, response) => {
    const nowMs = clock.now();
    const [overview] = await overviewsOf(db, [feederOf(response)], nowMs);
    if (overview === undefined) throw new Error('expected an overview of the feeder');
    response.json(overviewShape(overview, nowMs));
  },
});
