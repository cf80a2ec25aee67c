/** From `fromMs` on, until just before `toMs`; milliseconds since 1970. */
export type TimeSpan = { fromMs: number; toMs: number };
/** One day of a site's calendar, from its midnight to the next: 23, 24 or 25 hours. `date` is as in 2026-01-31. */
export type SiteDay = TimeSpan & { date: string };

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  });
  formats.set(timeZone, format);
  return format;
}

/** What a clock of the zone shows at a moment, as if it were UTC. */
function shownMs(atMs: number, timeZone: string): number {
  const parts = new Map(formatIn(timeZone).formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

const dateOf = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10);

/** The date that a calendar of the zone shows. */
export const dateAt = (atMs: number, timeZone: string): string => dateOf(shownMs(atMs, timeZone));

/** The date so many days later. */
export const daysLater = (date: string, days: number): string => dateOf(Date.parse(date) + days * DAY_MS);

/** When a day begins: its first midnight, or as far after it as clocks that skip it go on. */
export function startOfDay(date: string, timeZone: string): number {
  const asUtcMs = Date.parse(date);
  const offsetMs = (atMs: number): number => shownMs(atMs, timeZone) - Math.floor(atMs / 1000) * 1000;
  const before = asUtcMs - offsetMs(asUtcMs - DAY_MS);
  const after = asUtcMs - offsetMs(asUtcMs + DAY_MS);
  const right = [before, after].filter((atMs) => shownMs(atMs, timeZone) === asUtcMs);
  return right.length === 0 ? before : Math.min(...right);
}

/** The days that a span touches, whole, oldest first. */
export function daysIn({ fromMs, toMs }: TimeSpan, timeZone: string): SiteDay[] {
  const days: SiteDay[] = [];
  let date = dateAt(fromMs, timeZone);
  let startsAtMs = startOfDay(date, timeZone);
  while (startsAtMs < toMs) {
    const next = daysLater(date, 1);
    const endsAtMs = startOfDay(next, timeZone);
    // A zone that crosses the date line skips a date.
    if (endsAtMs > startsAtMs) days.push({ date, fromMs: startsAtMs, toMs: endsAtMs });
    [date, startsAtMs] = [next, endsAtMs];
  }
  return days;
}
