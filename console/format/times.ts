import { language, regionalTag } from '../words/language.ts';
import { words } from '../words/words.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(at: string | number, timeZone: string | undefined, options: Intl.DateTimeFormatOptions): string {
  const tag = regionalTag(language.value, typeof navigator === 'undefined' ? [] : navigator.languages);
  const key = `${tag} ${timeZone ?? ''} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat(tag, { ...options, ...(timeZone !== undefined && { timeZone }) });
  formats.set(key, format);
  return format.format(typeof at === 'number' ? at : Date.parse(at));
}

/** `07:45` in a time zone; in the device's where none is given. */
export const formatTime = (at: string | number, timeZone?: string): string => formatted(at, timeZone, { timeStyle: 'short' });
/** `07:45:12`. */
export const formatTimeWithSeconds = (at: string | number, timeZone?: string): string => formatted(at, timeZone, { timeStyle: 'medium' });
/** `Mon, 3 Feb`. */
export const formatDay = (at: string | number, timeZone?: string): string => formatted(at, timeZone, { weekday: 'short', day: 'numeric', month: 'short' });
/** `3 Feb`. */
export const formatShortDay = (at: string | number, timeZone?: string): string => formatted(at, timeZone, { day: 'numeric', month: 'short' });
/** `3 Feb 2026, 07:45`. */
export const formatDateTime = (at: string | number, timeZone?: string): string => formatted(at, timeZone, { dateStyle: 'medium', timeStyle: 'short' });

/** A minute of the day, 0 to 1440, as a time of day; the end of the day is told from its beginning. */
export const formatMinuteOfDay = (minute: number): string =>
  minute === 1440 ? formatted(0, 'UTC', { hour: '2-digit', minute: '2-digit', hourCycle: 'h24' }) : formatted(minute * 60_000, 'UTC', { timeStyle: 'short' });

const UNITS = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** A span of time in its two largest units: `1 hr 30 min`, `45 sec`. */
export function formatSpan(seconds: number, display: 'short' | 'narrow' | 'long' = 'short'): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex((each) => whole >= each.seconds);
  const parts: string[] = [];
  let rest = whole;
  for (const { unit, seconds: length } of UNITS.slice(Math.max(0, first), Math.max(0, first) + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: display }).format(count));
  }
  return parts.length === 0 ? new Intl.NumberFormat(language.value, { style: 'unit', unit: 'second', unitDisplay: display }).format(0) : parts.join(' ');
}

/** A span of time to the second, and to its fractions where it has any: `1 hr 30 min 1 sec`. */
export function formatExactSpan(seconds: number): string {
  const count = (amount: number, unit: string): string =>
    new Intl.NumberFormat(language.value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 3 }).format(amount);
  if (seconds < 0 || !Number.isInteger(seconds)) return count(seconds, 'second');
  const parts = [
    { unit: 'hour', amount: Math.floor(seconds / 3600) },
    { unit: 'minute', amount: Math.floor((seconds % 3600) / 60) },
    { unit: 'second', amount: seconds % 60 },
  ].filter(({ amount }) => amount > 0);
  return parts.length === 0 ? count(0, 'second') : parts.map(({ amount, unit }) => count(amount, unit)).join(' ');
}

/** How long ago something was: `just now`, `3 min ago`, `2 hr ago`, by its largest unit. */
export function formatAge(at: string | number, nowMs: number): string {
  const seconds = Math.max(0, (nowMs - (typeof at === 'number' ? at : Date.parse(at))) / 1000);
  if (seconds < 5) return words.value.common.justNow;
  const largest = UNITS.find((each) => seconds >= each.seconds) ?? { unit: 'second' as const, seconds: 1 };
  return new Intl.RelativeTimeFormat(language.value, { style: 'short' }).format(-Math.floor(seconds / largest.seconds), largest.unit);
}
