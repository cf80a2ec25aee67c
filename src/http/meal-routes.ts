import { z } from 'zod';
import type { BridgeClock } from '../clock.ts';
import { mealDays } from '../history/meal-days.ts';
import type { Database } from '../store/database.ts';
import { selectMeals, type StoredMeal } from '../store/meal-history.ts';
import { answerCsv, csvLike, everyRow, wantsCsv } from './csv.ts';
import { MealShape, mealShape } from './history-shapes.ts';
import { bodyLike, type Operation } from './operation.ts';
import { badPage, page, pageIn, PageQuery } from './paging.ts';
import { storeProblems } from './problem-answers.ts';
import { feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered } from './shapes.ts';
import { CursorMs, SpanCursor, spanOfPage, spanQuery } from './time-span.ts';

export type MealRouteDeps = { db: Database; clock: BridgeClock };

const DEFAULT_DAYS = 7;
const MealQuery = PageQuery.extend(spanQuery(DEFAULT_DAYS).shape);
const Cursor = SpanCursor.extend({ atMs: CursorMs, mealId: z.int().min(0) });

const MealDayShape = z
  .object({
    date: z.iso.date(),
    count: z.int(),
    grams: z.number(),
    plannedGrams: z.number().nullable().meta({ description: 'What the schedule asked for; null where the config of that day is not known.' }),
    feedNowGrams: z.number(),
    scheduledGrams: z.number(),
  })
  .register(answered, { id: 'MealDay', description: "A day of the feeder's time zone: what was fed in all, by feed-now and by the schedule." });

const MealPage = z
  .object({ items: z.array(MealShape), nextCursor: z.string().optional(), days: z.array(MealDayShape).optional() })
  .register(answered, {
    id: 'MealPage',
    description: 'One page of meals; `nextCursor` is absent on the last one. `days` are those of the whole span, on the first page alone.',
  });

const EXAMPLE: z.output<typeof MealShape> = {
  mealId: 4711,
  feederId: 'pond-1',
  at: '2026-01-31T08:00:00.000Z',
  count: 1,
  grams: 118,
  plannedGrams: 120,
  source: 'schedule',
  commandId: null,
  countTotal: 9_001,
  totalGrams: 1_080_120,
  booked: false,
};
const EXAMPLE_DAY: z.output<typeof MealDayShape> = {
  date: '2026-01-31', count: 9, grams: 1_071, plannedGrams: 1_080, feedNowGrams: 0, scheduledGrams: 1_071,
};
const COLUMNS = ['mealId', 'feederId', 'at', 'count', 'grams', 'plannedGrams', 'source', 'commandId', 'countTotal', 'totalGrams', 'booked'] as const;
const CSV_EXAMPLE = `${COLUMNS.join()}\r\n4711,pond-1,2026-01-31T08:00:00.000Z,1,118,120,schedule,,9001,1080120,false\r\n`;

export const listMeals = ({ db, clock }: MealRouteDeps): Operation => ({
  operationId: 'listMeals',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'History',
  summary: 'List meals',
  description: [
    'Every meal by the counters of the PLC, newest first, and what the days come to that the span touches: whole days of the',
    "feeder's time zone, newest first, today up to now; a day of which nothing is known is left out. The days come with the",
    'first page alone. As CSV all meals of the span in one answer.',
  ].join(' '),
  query: MealQuery,
  answers: {
    200: { description: 'A page of meals.', body: bodyLike(MealPage, { items: [EXAMPLE], days: [EXAMPLE_DAY] }), csv: csvLike(CSV_EXAMPLE) },
  },
  problems: [badPage(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const asCsv = wantsCsv(request, response);
    const { from, to, ...asked } = parseQuery(MealQuery, request);
    const { limit, after } = pageIn(asked, Cursor);
    const nowMs = clock.now();
    const span = spanOfPage({ from, to }, DEFAULT_DAYS, nowMs, after);
    const feeder = feederOf(response);
    if (asCsv) {
      const meals = everyRow<StoredMeal>((most, last) => selectMeals(db, feeder.feederId, span, most, last));
      await answerCsv(request, response, COLUMNS, meals, mealShape);
      return;
    }
    const meals = await selectMeals(db, feeder.feederId, span, limit + 1, after);
    const { items, ...rest } = page(meals, limit, ({ atMs, mealId }) => ({ ...span, atMs, mealId }));
    const days = after === undefined ? { days: await mealDays(db, feeder, { fromMs: span.fromMs, toMs: Math.min(span.toMs, nowMs) }) } : {};
    response.json({ items: items.map(mealShape), ...rest, ...days } satisfies z.output<typeof MealPage>);
  },
});
