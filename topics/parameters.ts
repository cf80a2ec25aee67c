import { z } from 'zod';

/** A parameter's or reading's name; the unit is part of it, as in `mealGrams`. */
export const ParameterName = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,62}$/, 'expected a name in camelCase with its unit, such as mealGrams');

/** What a register can hold, in engineering units. NaN and infinities are not values. */
export const ParameterValue = z.union([z.number(), z.boolean()], { error: 'expected a number or a boolean' });
export type ParameterValue = z.infer<typeof ParameterValue>;

/** Values by parameter or reading name. */
export const Values = z.record(ParameterName, ParameterValue);
export type Values = z.infer<typeof Values>;

const BooleanParameter = z.object({
  name: ParameterName,
  type: z.literal('boolean'),
  unit: z.string().nullish(),
});

const NumericParameter = z.object({
  name: ParameterName,
  /** `integer` where every value the register can hold is whole. */
  type: z.enum(['number', 'integer']),
  unit: z.string(),
  min: z.number(),
  max: z.number(),
  /** The distance between neighbouring values; absent for floating point. */
  step: z.number().positive().optional(),
  /** The value of raw 0; steps are counted from here. */
  offset: z.number().optional(),
});

/** What one feeder's PLC lets be set, and in what range: a line of its profile. */
export const Parameter = z.discriminatedUnion('type', [BooleanParameter, NumericParameter]);
export type Parameter = z.infer<typeof Parameter>;

/** The config parameters every party knows, with their units; a register map may add names of its own. */
export const STANDARD_PARAMETERS = {
  mealGrams: { type: 'number', unit: 'g' },
  intervalSeconds: { type: 'number', unit: 's' },
  dailyLimitGrams: { type: 'number', unit: 'g' },
  windowStartMinute: { type: 'number', unit: 'min' },
  windowEndMinute: { type: 'number', unit: 'min' },
  spreaderPercent: { type: 'number', unit: '%' },
  doseRateGramsPerSecond: { type: 'number', unit: 'g/s' },
  feedingEnabled: { type: 'boolean', unit: '' },
  oxygenStopMgPerLitre: { type: 'number', unit: 'mg/L' },
  temperatureStopCelsius: { type: 'number', unit: '°C' },
} as const satisfies Record<string, { type: 'number' | 'boolean'; unit: string }>;

/** A value for each of them, in its unit. */
export type StandardConfig = {
  -readonly [Name in keyof typeof STANDARD_PARAMETERS]: (typeof STANDARD_PARAMETERS)[Name]['type'] extends 'boolean' ? boolean : number;
};

/** The readings every party knows, with their units. */
export const STANDARD_READINGS = {
  hopperGrams: { type: 'number', unit: 'g' },
  waterTemperatureCelsius: { type: 'number', unit: '°C' },
  dissolvedOxygenMgPerLitre: { type: 'number', unit: 'mg/L' },
  motorCurrentAmps: { type: 'number', unit: 'A' },
  dispensedTodayGrams: { type: 'number', unit: 'g' },
  mealsToday: { type: 'number', unit: '' },
  feeding: { type: 'boolean', unit: '' },
} as const satisfies Record<string, { type: 'number' | 'boolean'; unit: string }>;

/** How far from a whole raw number a value may be and still count as one. */
const RAW_TOLERANCE = 1e-6;

export type ValueProblem = { code: 'wrong-type' | 'out-of-range'; detail: string };

/** Whether `value` may be written to `parameter`; undefined when it may, else what was expected. */
export function checkValue(parameter: Parameter, value: unknown): ValueProblem | undefined {
  if (parameter.type === 'boolean') {
    return typeof value === 'boolean'
      ? undefined
      : { code: 'wrong-type', detail: `${parameter.name} takes true or false` };
  }
  const { name, unit, min, max, step, offset = 0 } = parameter;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    return { code: 'wrong-type', detail: `${name} takes a number in ${unit || 'its own unit'}` };
  }
  if (value < min || value > max) {
    return { code: 'out-of-range', detail: `${name} takes ${min} to ${max} ${unit}`.trimEnd() };
  }
  if (step !== undefined) {
    const raw = (value - offset) / step;
    if (Math.abs(raw - Math.round(raw)) > RAW_TOLERANCE) {
      const from = offset === 0 ? '' : ` counted from ${offset}`;
      return { code: 'out-of-range', detail: `${name} takes steps of ${step} ${unit}`.trimEnd() + from };
    }
  }
  return undefined;
}

/**
 * Whether a read-back shows the value asked for: booleans exactly, stepped values within half a step, floating point by
 * the same 32-bit pattern. Without a parameter, exactly or by the same 32-bit pattern.
 */
export function sameValue(parameter: Parameter | undefined, asked: ParameterValue, held: ParameterValue): boolean {
  if (typeof asked === 'boolean' || typeof held === 'boolean') return asked === held;
  if (asked === held) return true;
  if (parameter === undefined || parameter.type === 'boolean' || parameter.step === undefined) {
    return Math.fround(asked) === Math.fround(held);
  }
  return Math.abs(asked - held) < parameter.step / 2;
}

/** Whether two readings of the same registers are the same; both came through the same rounding. */
export function sameValues(a: Values, b: Values): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => sameReading(a[name], b[name]));
}

const sameReading = (a: ParameterValue | undefined, b: ParameterValue | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && sameValue(undefined, a, b));
