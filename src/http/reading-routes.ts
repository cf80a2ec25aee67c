import { z } from 'zod';
import { Instant, toInstant } from '../../topics/identifiers.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { BUCKETS, finestBuckets, MAX_POINTS, secondsOf, wholeBuckets, type WholeBuckets } from '../history/buckets.ts';
import { readingBuckets } from '../history/readings.ts';
import type { Database } from '../store/database.ts';
import type { ReadingSummary } from '../store/reading-history.ts';
import { answerCsv, csvLike, wantsCsv } from './csv.ts';
import { bodyLike, type Operation } from './operation.ts';
import { storeProblems } from './problem-answers.ts';
import { feederOf, noSuchFeeder } from './request-context.ts';
import { parseQuery } from './request-parameters.ts';
import { answered } from './shapes.ts';
import { badSpan, spanIn, spanQuery, type TimeSpan } from './time-span.ts';

export type ReadingRouteDeps = { db: Database; clock: BridgeClock };

const DEFAULT_DAYS = 1;
const NAMES = /^[a-z][A-Za-z0-9]{0,62}(,[a-z][A-Za-z0-9]{0,62})*$/;
const NAMES_EXPECTED = 'expected names of readings such as hopperGrams, separated by commas';

const ReadingQuery = spanQuery(DEFAULT_DAYS).extend({
  bucket: z
    .enum(BUCKETS, `expected one of ${BUCKETS.join(', ')}`)
    .optional()
    .meta({ description: `How long each bucket is; unless given, the shortest with at most ${MAX_POINTS} of them. A day is one of the feeder's time zone.` }),
  names: z
    .string({ error: NAMES_EXPECTED })
    .regex(NAMES, NAMES_EXPECTED)
    .max(4096, NAMES_EXPECTED)
    .optional()
    .meta({ description: 'Only these readings, separated by commas.', example: 'hopperGrams,waterTemperatureCelsius' }),
});

const SummaryShape = z.object({ min: z.number(), avg: z.number(), max: z.number(), count: z.int() });
const ReadingsShape = z
  .object({
    from: Instant,
    to: Instant,
    bucket: z.enum(BUCKETS),
    bucketSeconds: z.int(),
    names: z.array(z.string()),
    items: z.array(z.object({ at: Instant, values: z.record(z.string(), SummaryShape) })),
  })
  .register(answered, { id: 'Readings', description: 'Readings summed up by bucket, oldest first. Where there were none, there is no item.' });

const EXAMPLE: z.output<typeof ReadingsShape> = {
  from: '2026-01-31T08:00:00.000Z',
  to: '2026-01-31T08:10:00.000Z',
  bucket: '5m',
  bucketSeconds: 300,
  names: ['hopperGrams'],
  items: [{ at: '2026-01-31T08:00:00.000Z', values: { hopperGrams: { min: 83_900, avg: 83_950.5, max: 84_000, count: 12 } } }],
};
const CSV_EXAMPLE = 'at,name,min,avg,max,count\r\n2026-01-31T08:00:00.000Z,hopperGrams,83900,83950.5,84000,12\r\n';
const COLUMNS = ['at', 'name', 'min', 'avg', 'max', 'count'] as const;

const tooFine = (finest: WholeBuckets | undefined): Problem =>
  new Problem(
    'malformed',
    finest
      ? `bucket: expected ${finest.bucket} or longer, so that there are at most ${MAX_POINTS} of them.`
      : `from: expected at most ${MAX_POINTS} days before to.`,
  );

export const getReadings = ({ db, clock }: ReadingRouteDeps): Operation => ({
  operationId: 'getReadings',
  role: 'viewer',
  atOnce: 'reads',
  tag: 'History',
  summary: 'Look at past readings',
  description: [
    `Minimum, average, maximum and number of the readings in each bucket, in at most ${MAX_POINTS} buckets. The span is widened`,
    'to whole buckets, as `from` and `to` of the answer say, so that the first and the last are as true as the others; booleans',
    'count as 0 and 1. As CSV there may be any number of buckets, each name in a row of its own.',
  ].join(' '),
  query: ReadingQuery,
  answers: { 200: { description: 'The readings.', body: bodyLike(ReadingsShape, EXAMPLE), csv: csvLike(CSV_EXAMPLE) } },
  problems: [badSpan(), noSuchFeeder(), ...storeProblems()],
  handle: async (request, response) => {
    const asCsv = wantsCsv(request, response);
    const { bucket, names: asked, ...span } = parseQuery(ReadingQuery, request);
    const feeder = feederOf(response);
    const whole = bucketsOf(spanIn(span, DEFAULT_DAYS, clock.now()), bucket, feeder.timeZone, asCsv);
    const names = asked === undefined ? undefined : [...new Set(asked.split(','))];
    const summaries = readingBuckets(db, feeder, names, whole);
    if (asCsv) await answerCsv(request, response, COLUMNS, summaries, readingRow);
    else response.json(await readingsShape(whole, names, summaries));
  },
});

/** @throws Problem 400 `malformed` where there would be more of them than are shown; as CSV there may be more. */
function bucketsOf({ fromMs, toMs }: TimeSpan, bucket: WholeBuckets['bucket'] | undefined, timeZone: string, asCsv: boolean): WholeBuckets {
  const finest = finestBuckets(fromMs, toMs, timeZone);
  if (finest === undefined && !asCsv) throw tooFine(finest);
  const asked = bucket === undefined ? finest : wholeBuckets(bucket, fromMs, toMs, timeZone);
  if (asCsv) return asked ?? wholeBuckets('1d', fromMs, toMs, timeZone);
  if (asked === undefined || asked.points > MAX_POINTS) throw tooFine(finest);
  return asked;
}

const readingRow = ({ startsAt, ...summary }: ReadingSummary<number>) => ({ at: toInstant(startsAt), ...summary });

async function readingsShape(
  { bucket, fromMs, toMs }: WholeBuckets,
  names: readonly string[] | undefined,
  summaries: AsyncIterable<ReadingSummary<number>>,
): Promise<z.output<typeof ReadingsShape>> {
  const found = new Set<string>(names);
  const items = new Map<number, z.output<typeof ReadingsShape>['items'][number]>();
  for await (const { startsAt, name, ...summary } of summaries) {
    const item = items.get(startsAt) ?? { at: toInstant(startsAt), values: {} };
    items.set(startsAt, item);
    item.values[name] = summary;
    found.add(name);
  }
  return {
    from: toInstant(fromMs),
    to: toInstant(toMs),
    bucket,
    bucketSeconds: secondsOf(bucket),
    names: [...found].sort(),
    items: [...items.values()],
  };
}
