import { dateAt, dateOf, shownMs } from '../site-clock.ts';

/** One day of a site, from its midnight to the next: 23, 24 or 25 hours, mostly. `date` is as in 2026-01-31. */
export type SiteDay = { date: string; fromMs: number; toMs: number };

const DAY_MS = 86_400_000;
/** Nowhere have clocks changed and changed back within so many days: the soonest was a week (Recife in 2000). */
const DAYS_AT_ONCE = 5;
const MINUTE_MS = 60_000;

const offsetMs = (atMs: number, timeZone: string): number => shownMs(atMs, timeZone) - Math.floor(atMs / 1000) * 1000;

/**
 * When a clock of the zone first shows that many minutes after midnight of a date (1440: the next midnight); where it
 * skips that time, as far after the skip.
 */
export function momentOf(date: string, minuteOfDay: number, timeZone: string): number {
  const asUtcMs = Date.parse(date) + minuteOfDay * MINUTE_MS;
  const before = asUtcMs - offsetMs(asUtcMs - DAY_MS, timeZone);
  const after = asUtcMs - offsetMs(asUtcMs + DAY_MS, timeZone);
  const right = [before, after].filter((atMs) => shownMs(atMs, timeZone) === asUtcMs);
  return right.length === 0 ? before : Math.min(...right);
}

/** The same on a day that is found already, without asking a calendar again unless the clocks change on it. */
export const momentIn = ({ date, fromMs, toMs }: SiteDay, minuteOfDay: number, timeZone: string): number =>
  toMs - fromMs === DAY_MS ? fromMs + minuteOfDay * MINUTE_MS : momentOf(date, minuteOfDay, timeZone);

/** The days that `fromMs` ≤ t < `toMs` touches, whole, oldest first. */
export function siteDays(fromMs: number, toMs: number, timeZone: string): SiteDay[] {
  const days: SiteDay[] = [];
  if (fromMs >= toMs) return days;
  let date = dateAt(fromMs, timeZone);
  let startsAtMs = momentOf(date, 0, timeZone);
  let plainUntilMs = startsAtMs;
  while (startsAtMs < toMs) {
    const next = dateOf(Date.parse(date) + DAY_MS);
    const dayLater = startsAtMs + DAY_MS;
    if (plainUntilMs < dayLater) {
      const plain = [DAYS_AT_ONCE, 1].find((count) => shownMs(startsAtMs + count * DAY_MS, timeZone) === Date.parse(date) + count * DAY_MS);
      plainUntilMs = startsAtMs + (plain ?? 0) * DAY_MS;
    }
    const endsAtMs = dayLater <= plainUntilMs ? dayLater : momentOf(next, 0, timeZone);
    // A zone that crosses the date line skips a date.
    if (endsAtMs > startsAtMs) days.push({ date, fromMs: startsAtMs, toMs: endsAtMs });
    [date, startsAtMs] = [next, endsAtMs];
  }
  return days;
}

/** The day that a calendar of the zone shows at a moment, whole. */
export function siteDayAt(atMs: number, timeZone: string): SiteDay {
  const [day] = siteDays(atMs, atMs + 1, timeZone);
  if (day === undefined) throw new Error(`expected ${timeZone} to have a day at ${atMs}`);
  return day;
}

/** The newest of these days, so many at most, newest first. Takes no longer for a longer span. */
export const newestSiteDays = (fromMs: number, toMs: number, timeZone: string, most: number): SiteDay[] =>
  // Two days more than it takes where all have 24 hours: in some zones a date was skipped.
  siteDays(Math.max(fromMs, toMs - (most + 2) * DAY_MS), toMs, timeZone).slice(-most).reverse();
