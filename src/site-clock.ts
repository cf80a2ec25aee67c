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
export function shownMs(atMs: number, timeZone: string): number {
  // Several times as fast as its parts one by one.
  const [, month, day, year, hour, minute, second] = (SHOWN.exec(formatOf(timeZone).format(atMs)) ?? []).map(Number);
  if (year === undefined || month === undefined) throw new Error(`expected ${timeZone} to show a time at ${atMs}`);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The date of such a moment, such as 2026-01-31. */
export const dateOf = (utcMs: number): string => new Date(utcMs).toISOString().slice(0, 10);

/** The date that a calendar of the zone shows at a moment. */
export const dateAt = (atMs: number, timeZone: string): string => dateOf(shownMs(atMs, timeZone));
