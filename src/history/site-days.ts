/** One day of a site, from its midnight to the next: 23, 24 or 25 hours, mostly. `date` is as in 2026-01-31. */
export type SiteDay = { date: string; fromMs: number; toMs: number };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

const SHOWN = /^(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)$/;

/** What a clock of the zone shows at a moment, as if it were UTC. */
function shownMs(atMs: number, timeZone: string): number {
  // Several times as fast as its parts one by one.
  const [, month, day, year, hour, minute, second] = (SHOWN.exec(formatOf(timeZone).format(atMs)) ?? []).map(Number);
  if (year === undefined || month === undefined) throw new Error(`expected ${timeZone} to show a time at ${atMs}`);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const dateOf = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10);
const offsetMs = (atMs: number, timeZone: string): number => shownMs(atMs, timeZone) - Math.floor(atMs / 1000) * 1000;

/** The date that a calendar of the zone shows at a moment. */
export const dateAt = (atMs: number, timeZone: string): string => dateOf(shownMs(atMs, timeZone));

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

/** The days that `fromMs` ≤ t < `toMs` touches, whole, oldest first. */
export function siteDays(fromMs: number, toMs: number, timeZone: string): SiteDay[] {
  const days: SiteDay[] = [];
  if (fromMs >= toMs) return days;
  let date = dateAt(fromMs, timeZone);
  let startsAtMs = momentOf(date, 0, timeZone);
  while (startsAtMs < toMs) {
    const next = dateOf(Date.parse(date) + DAY_MS);
    const dayLater = startsAtMs + DAY_MS;
    const endsAtMs = shownMs(dayLater, timeZone) === Date.parse(next) ? dayLater : momentOf(next, 0, timeZone);
    // A zone that crosses the date line skips a date.
    if (endsAtMs > startsAtMs) days.push({ date, fromMs: startsAtMs, toMs: endsAtMs });
    [date, startsAtMs] = [next, endsAtMs];
  }
  return days;
}
