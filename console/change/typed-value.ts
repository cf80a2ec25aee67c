import type { Parameter, Value } from '../api/shapes.ts';
import type { Language } from '../words/language.ts';

/** What is typed into a field, or how a switch stands. */
export type Typed = string | boolean;

/** How a parameter is filled in. */
export type FieldKind = 'switch' | 'time-of-day' | 'span' | 'number';

export function fieldKindOf({ name, type, unit }: Pick<Parameter, 'name' | 'type' | 'unit'>): FieldKind {
  if (type === 'boolean') return 'switch';
  if (/^window(Start|End)Minute$/.test(name)) return 'time-of-day';
  return unit === 's' ? 'span' : 'number';
}

/** What the field of a parameter begins with: text that is read as exactly this value again. */
export function typedFrom(parameter: Parameter, value: Value, language: Language): Typed {
  if (typeof value === 'boolean') return value;
  const isMinute = Number.isInteger(value) && value >= 0 && value <= MINUTES_OF_DAY;
  if (fieldKindOf(parameter) === 'time-of-day' && isMinute) return `${twoDigits(Math.floor(value / 60))}:${twoDigits(value % 60)}`;
  return String(value).replace('.', decimalOf(language));
}

/** The value that was typed; undefined where it is none. */
export function valueTyped(parameter: Parameter, typed: Typed, language: Language): Value | undefined {
  if (typeof typed === 'boolean') return parameter.type === 'boolean' ? typed : undefined;
  const text = plain(typed);
  switch (fieldKindOf(parameter)) {
    case 'switch':
      return undefined;
    case 'time-of-day':
      return minuteIn(text);
    case 'span':
      return secondsIn(text) ?? numberIn(text, language);
    case 'number':
      return numberIn(text, language);
  }
}

const MINUTES_OF_DAY = 1440;

const twoDigits = (count: number): string => String(count).padStart(2, '0');

/** Without spaces and marks of direction, which a keyboard or the clipboard may bring, and with a plain minus. */
const plain = (text: string): string => text.replace(/[\s\u200e\u200f\u061c\u2066-\u2069]/g, '').replace(/[\u2212\u2013]/g, '-');

const decimalOf = (language: Language): string =>
  new Intl.NumberFormat(language).formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';

/** `07:45`, `7:45` or `0745`; `24:00` is the end of the day. */
function minuteIn(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2})[:.](\d{2})$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(minute) > 59) return undefined;
  const total = Number(hour) * 60 + Number(minute);
  return total <= MINUTES_OF_DAY ? total : undefined;
}

/** `1:30` for an hour and a half, `1:30:15` with seconds. */
function secondsIn(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,3}):(\d{2})(?::(\d{2}))?$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

/**
 * A number as the language writes it. Phones have the decimal sign of their own language, so the other one is understood
 * as well, except where it groups thousands as the language does.
 */
export function numberIn(text: string, language: Language): number | undefined {
  const decimal = decimalOf(language);
  const group = decimal === ',' ? '.' : ',';
  const [whole = '', fraction, ...more] = text.split(decimal);
  if (more.length > 0) return undefined;
  const isGrouped = new RegExp(`^[-+]?[1-9]\\d{0,2}(\\${group}\\d{3})+$`).test(whole);
  let written = text;
  if (isGrouped) written = whole.replaceAll(group, '') + (fraction === undefined ? '' : `.${fraction}`);
  else if (fraction === undefined) written = whole.replace(group, '.');
  else written = `${whole}.${fraction}`;
  return NUMBER.test(written) ? Number(written) : undefined;
}
