import type { Parameter, Value, Values } from '../api/shapes.ts';

/** What is wrong with a value, as far as the profile tells; the bridge looks by the same rule, and the agent again. */
export type ValueFault = { kind: 'unreadable' } | { kind: 'out-of-range' } | { kind: 'off-step'; below: number; above: number };

/** How far from a whole number of steps a value may be and still count as one. */
const STEP_TOLERANCE = 1e-6;

/** What is wrong with a value for a parameter; undefined where it may be sent. */
export function faultOf(parameter: Parameter, value: Value | undefined): ValueFault | undefined {
  if (parameter.type === 'boolean') return typeof value === 'boolean' ? undefined : { kind: 'unreadable' };
  if (typeof value !== 'number' || !Number.isFinite(value)) return { kind: 'unreadable' };
  const { min, max, step, offset = 0 } = parameter;
  if (value < min || value > max) return { kind: 'out-of-range' };
  if (step === undefined) return undefined;
  const steps = (value - offset) / step;
  if (Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE) return undefined;
  const at = (count: number): number => rounded(count * step + offset, step);
  return { kind: 'off-step', below: Math.max(min, at(Math.floor(steps))), above: Math.min(max, at(Math.ceil(steps))) };
}

/** Without the noise of binary fractions: to the decimals of the step, and three more for an offset. */
const rounded = (value: number, step: number): number => Number(value.toFixed(Math.min(20, Math.max(0, -Math.floor(Math.log10(step))) + 3)));

/** Whether two values are the same for a PLC: within half a step, or by the same 32-bit pattern where there are no steps. */
export function isSameValue(parameter: Parameter | undefined, a: Value | undefined, b: Value | undefined): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  if (a === b) return true;
  if (parameter === undefined || parameter.type === 'boolean' || parameter.step === undefined) return Math.fround(a) === Math.fround(b);
  return Math.abs(a - b) < parameter.step / 2;
}

/** Whether two configs hold the same for a PLC, in these names. */
export const isSameIn = (names: readonly string[], a: Values, b: Values): boolean => names.every((name) => isSameValue(undefined, a[name], b[name]));
