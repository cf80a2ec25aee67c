import { dateAt, daysLater, startOfDay, type TimeSpan } from './site-days.ts';

export const LAST_DAYS = [1, 7, 30, 90] as const;
/** Which time someone wants to see: the last days up to now, or those from one date to another, both shown. */
export type TimeRange = { kind: 'last'; days: (typeof LAST_DAYS)[number] } | { kind: 'dates'; fromDate: string; toDate: string };

/** What is wrong with two dates. */
export type WrongDates = 'missing' | 'wrong-way-round' | 'in-the-future' | 'too-long';

export const MOST_DAYS = 366;

const DAY_MS = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const isDate = (text: string): boolean => DATE.test(text) && !Number.isNaN(Date.parse(text));

/** Looks at two dates that someone filled in; undefined where they are right. */
export function wrongDates(fromDate: string, toDate: string, today: string): WrongDates | undefined {
  if (!isDate(fromDate) || !isDate(toDate)) return 'missing';
  if (fromDate > toDate) return 'wrong-way-round';
  if (toDate > today) return 'in-the-future';
  return Date.parse(toDate) - Date.parse(fromDate) >= MOST_DAYS * DAY_MS ? 'too-long' : undefined;
}

/** The span of a range, never past now. One day is the last 24 hours; several are whole days of the site and today so far. */
export function spanOf(range: TimeRange, nowMs: number, timeZone: string): TimeSpan {
  if (range.kind === 'dates') {
    return { fromMs: startOfDay(range.fromDate, timeZone), toMs: Math.min(nowMs, startOfDay(daysLater(range.toDate, 1), timeZone)) };
  }
  if (range.days === 1) return { fromMs: nowMs - DAY_MS, toMs: nowMs };
  return { fromMs: startOfDay(daysLater(dateAt(nowMs, timeZone), 1 - range.days), timeZone), toMs: nowMs };
}
