import { z } from 'zod';
import { MAX_FIELD_ERRORS, pointerTo, Problem, type FieldError } from '../errors.ts';
import type { StoredThresholds } from '../store/feeders.ts';

const threshold = (schema: z.ZodNumber, unit: string, about: string) =>
  schema.nullable().meta({ description: `${about} In ${unit}; null: nobody watches.` });

/** When the bridge's own alarms are raised for a feeder; null: that one is off. */
export const Thresholds = z.strictObject({
  hopperDaysLeft: threshold(z.number().min(0.1).max(365), 'days', 'The hopper will be empty so soon, at the rate of the last three days.'),
  mealsMissed: threshold(z.int().min(1).max(1000), 'meals', 'So many meals of the schedule in a row were not fed.'),
  feedingMaxMinutes: threshold(z.number().min(1).max(1440), 'minutes', 'It has fed without a break for so long.'),
  plcLostMinutes: threshold(z.number().min(0.5).max(10_080), 'minutes', 'The PLC has not answered the agent for so long.'),
  agentLostMinutes: threshold(z.number().min(0.5).max(10_080), 'minutes', 'The agent has been offline for so long.'),
  oxygenMinMgPerLitre: threshold(z.number().min(0).max(20), 'mg/L', 'The water has less oxygen.'),
  temperatureMinCelsius: threshold(z.number().min(-5).max(40), '°C', 'The water is colder.'),
  temperatureMaxCelsius: threshold(z.number().min(-5).max(40), '°C', 'The water is warmer.'),
});
export type Thresholds = z.output<typeof Thresholds>;

/** The thresholds where nobody said otherwise. */
export const DEFAULT_THRESHOLDS: Thresholds = {
  hopperDaysLeft: 3,
  mealsMissed: 2,
  feedingMaxMinutes: 30,
  plcLostMinutes: 5,
  agentLostMinutes: 5,
  oxygenMinMgPerLitre: 5,
  temperatureMinCelsius: 2,
  temperatureMaxCelsius: 22,
};

/** By what is stored, which is asked about again and again, and is replaced where it changes. */
const known = new WeakMap<StoredThresholds, Thresholds>();

/** All thresholds of a feeder of which those are stored that differ. */
export function thresholdsOf(stored: StoredThresholds): Thresholds {
  const thresholds = known.get(stored) ?? Thresholds.parse({ ...DEFAULT_THRESHOLDS, ...stored });
  known.set(stored, thresholds);
  return thresholds;
}

/** New values of some thresholds. */
export const ThresholdChanges = Thresholds.partial();

/**
 * The changes in a merge patch; null does not mean the default here but off.
 * @throws Problem 422 `invalid-config`, `unsupported-parameter` or `out-of-range`, with one error for each field.
 */
export function parseThresholdChanges(body: unknown): StoredThresholds {
  const parsed = ThresholdChanges.safeParse(body);
  const errors = parsed.success ? [] : parsed.error.issues.flatMap(fieldErrors).slice(0, MAX_FIELD_ERRORS);
  if (parsed.success && Object.keys(parsed.data).length === 0) errors.push({ pointer: '', ...NO_CHANGE });
  const [first] = errors;
  if (first === undefined) return z.record(z.string(), z.number().nullable()).parse(parsed.data);
  const code = errors.every((error) => error.code === first.code) ? first.code : 'invalid-config';
  const detail = errors.map((error) => (error.pointer === '' ? error.detail : `${error.pointer}: ${error.detail}`)).join('; ');
  throw new Problem(code, `Nothing was changed. ${detail}.`, { errors });
}

type ThresholdError = FieldError & { code: 'invalid-config' | 'unsupported-parameter' | 'out-of-range' };

const NO_CHANGE = { code: 'invalid-config', detail: 'expected an object such as {"hopperDaysLeft": 2}' } as const;

function fieldErrors(issue: z.core.$ZodIssue): ThresholdError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({ pointer: pointerTo(name), code: 'unsupported-parameter', detail: `there is no threshold ${name.slice(0, 64)}` }));
  }
  const [name] = issue.path;
  if (name === undefined) return [{ pointer: '', ...NO_CHANGE }];
  const pointer = pointerTo(String(name));
  if (issue.code === 'too_small') return [{ pointer, code: 'out-of-range', detail: `expected ${issue.minimum} or more` }];
  if (issue.code === 'too_big') return [{ pointer, code: 'out-of-range', detail: `expected ${issue.maximum} or less` }];
  return [{ pointer, code: 'invalid-config', detail: `expected ${name === 'mealsMissed' ? 'a whole number' : 'a number'}, or null` }];
}
