import type { Parameter, Value } from '../api/shapes.ts';
import { words } from '../words/words.ts';
import { formatGrams, formatNumber } from './numbers.ts';
import { formatExactSpan, formatMinuteOfDay, formatSpan } from './times.ts';

const lookUp = (names: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(names, name) ? names[name] : undefined);

/** The name of a parameter or reading in words; one of the register map's own is its name, spaced. */
export function nameOf(name: string): string {
  const { parameters, readings } = words.value.names;
  return lookUp(parameters, name) ?? lookUp(readings, name) ?? spaced(name);
}

/** What an alarm is called. */
export const alarmName = (name: string): string => lookUp(words.value.alarms.names, name) ?? spaced(name);

const spaced = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Units of names that no profile tells. */
const UNIT_BY_SUFFIX: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/GramsPerSecond$/, 'g/s'],
  [/Grams$/, 'g'],
  [/Seconds$/, 's'],
  [/Minutes?$/, 'min'],
  [/Percent$/, '%'],
  [/MgPerLitre$/, 'mg/L'],
  [/Celsius$/, '°C'],
  [/Amps$/, 'A'],
];

/** The unit of a parameter or reading; empty where it has none. */
export const unitOf = (name: string, parameter?: Parameter): string =>
  parameter?.unit ?? UNIT_BY_SUFFIX.find(([suffix]) => suffix.test(name))?.[1] ?? '';

/** A value with its unit, as people read it: `120 g`, `1 hr 30 min`, `07:45`, `running`. */
export function formatValue(name: string, value: Value | undefined, parameter?: Parameter): string {
  if (value === undefined) return words.value.common.unknown;
  if (typeof value === 'boolean') {
    const { on, off } = words.value.common;
    if (name === 'feedingEnabled') return value ? words.value.names.feedingOn : words.value.names.feedingOff;
    return value ? on : off;
  }
  if (/^window(Start|End)Minute$/.test(name)) return formatMinuteOfDay(value);
  const unit = unitOf(name, parameter);
  if (unit === 'g') return formatGrams(value);
  if (unit === 's') return formatSpan(value);
  const number = formatNumber(value, { maximumFractionDigits: 3 });
  return unit === '' ? number : `${number}\u00a0${unit}`;
}

/** A value of a setting, to the last digit: what is about to be sent, or is held, must not look like another value. */
export function formatSetting(name: string, value: Value | undefined, parameter?: Parameter): string {
  if (typeof value !== 'number' || /^window(Start|End)Minute$/.test(name)) return formatValue(name, value, parameter);
  const unit = unitOf(name, parameter);
  if (unit === 'g') return formatNumber(value, { style: 'unit', unit: 'gram', maximumFractionDigits: EVERY_DIGIT });
  if (unit === 's') return formatExactSpan(value);
  const number = formatNumber(value, { maximumFractionDigits: EVERY_DIGIT });
  return unit === '' ? number : `${number}\u00a0${unit}`;
}

/** More than any register holds. */
const EVERY_DIGIT = 15;

/** What a parameter takes, as people read it: `0 g – 5,000 g`. */
export function formatRange(parameter: Parameter): string | undefined {
  if (parameter.type === 'boolean') return undefined;
  return `${formatSetting(parameter.name, parameter.min, parameter)} – ${formatSetting(parameter.name, parameter.max, parameter)}`;
}
