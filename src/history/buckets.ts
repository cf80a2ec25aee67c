import { siteDays } from './site-days.ts';

/** Lengths of the spans that readings are summed up by, from the finest; a day is one of the site's calendar. */
export const BUCKETS = ['5m', '15m', '30m', '1h', '3h', '6h', '1d'] as const;
export type Bucket = (typeof BUCKETS)[number];

/** A bucket's length, 86,400 s for a day whatever the clocks do; and which stored level it is computed from. */
const ABOUT = {
  '5m': { seconds: 300, storedMinutes: 5 },
  '15m': { seconds: 900, storedMinutes: 5 },
  '30m': { seconds: 1_800, storedMinutes: 30 },
  '1h': { seconds: 3_600, storedMinutes: 30 },
  '3h': { seconds: 10_800, storedMinutes: 180 },
  '6h': { seconds: 21_600, storedMinutes: 180 },
} as const;

/** The most buckets that are shown at once. */
export const MAX_POINTS = 1_000;

/** How long a bucket is, in seconds; a day is told as 86,400 although two a year are not. */
export const secondsOf = (bucket: Bucket): number => (bucket === '1d' ? 86_400 : ABOUT[bucket].seconds);

/** The coarsest level in the store, in minutes, that the bucket is a multiple of. */
export const storedMinutesOf = (bucket: Exclude<Bucket, '1d'>): 5 | 30 | 180 => ABOUT[bucket].storedMinutes;

/** A span of whole buckets, `fromMs` ≤ t < `toMs`, and how many those are. */
export type WholeBuckets = { bucket: Bucket; fromMs: number; toMs: number; points: number };

/** The whole buckets that a span touches: the first and the last would not be true to their readings if they were cut. */
export function wholeBuckets(bucket: Bucket, fromMs: number, toMs: number, timeZone: string): WholeBuckets {
  if (bucket === '1d') {
    const days = siteDays(fromMs, toMs, timeZone);
    return { bucket, fromMs: days[0]?.fromMs ?? fromMs, toMs: days.at(-1)?.toMs ?? toMs, points: days.length };
  }
  const lengthMs = secondsOf(bucket) * 1000;
  const first = Math.floor(fromMs / lengthMs);
  const end = Math.ceil(toMs / lengthMs);
  return { bucket, fromMs: first * lengthMs, toMs: end * lengthMs, points: end - first };
}

/** The finest buckets that show a span in at most `MAX_POINTS`; undefined where days are too many already. */
export function finestBuckets(fromMs: number, toMs: number, timeZone: string): WholeBuckets | undefined {
  // Too many without counting them: however often clocks change and zones cross the date line, that makes less than two days.
  if (toMs - fromMs > (MAX_POINTS + 2) * secondsOf('1d') * 1000) return undefined;
  for (const bucket of BUCKETS) {
    const whole = wholeBuckets(bucket, fromMs, toMs, timeZone);
    if (whole.points <= MAX_POINTS) return whole;
  }
  return undefined;
}
