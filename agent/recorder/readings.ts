import type { ParameterValue, Values } from '../../topics/parameters.ts';
import type { Moment } from '../clock.ts';
import type { ReadingEntry, RegisterMap } from '../plc/register-map.ts';

/** Readings, and when they were made. */
export type ReadingsSeen = { values: Values; at: Moment };

/** Readings are recorded after so long, changed or not; short of a minute, so that with the polls' pace there is one in each. */
const AT_LEAST_EVERY_MS = 55_000;
/** The dead band of a number whose map says none, as a share of what was recorded last; at least one step of its scale. */
const DEAD_BAND_SHARE = 0.01;
/** What floating point may add to a difference. */
const NOISE = 1e-9;

/** Whether readings are to be recorded: one has left its dead band since the last ones that were, or those are old. */
export function isWorthRecording(readings: RegisterMap['readings'], last: ReadingsSeen | undefined, { values, at }: ReadingsSeen): boolean {
  const names = Object.entries(values);
  if (names.length === 0) return false;
  if (last === undefined || at.monotonicMs - last.at.monotonicMs >= AT_LEAST_EVERY_MS) return true;
  return names.some(([name, value]) => hasMoved(readings.get(name), last.values[name], value));
}

function hasMoved(entry: ReadingEntry | undefined, from: ParameterValue | undefined, to: ParameterValue): boolean {
  if (typeof from !== 'number' || typeof to !== 'number' || entry === undefined || entry.type === 'bool') return from !== to;
  return Math.abs(to - from) > deadBandOf(entry, from) + NOISE * Math.abs(to);
}

function deadBandOf({ deadBand, type, scale }: Exclude<ReadingEntry, { type: 'bool' }>, last: number): number {
  return deadBand ?? Math.max(type === 'float32' ? 0 : Math.abs(scale), DEAD_BAND_SHARE * Math.abs(last));
}
