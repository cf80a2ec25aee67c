import { wordCount } from '../modbus/codec.ts';
import type { DoseReading } from '../journal/entry.ts';
import type { NumberEntry, RegisterMap } from './register-map.ts';

/** What the PLC shows of a dose whose token was written, or may have been. */
export type DoseVerdict =
  /** It took the token and started the dose. */
  | 'fed'
  /** It took the token and counted a refusal. */
  | 'refused'
  /** It has not taken the token; a scheduled meal may have ended meanwhile. */
  | 'not-taken'
  /** It lost its memory, or another master speaks to it: nobody can tell. */
  | 'unclear';

/**
 * Judges a reading by the one before the dose. Counters wrap, and only ever go forward, by less than half their width: one
 * that went back shows a PLC that lost its memory, and may have taken the token as one that waited, which it refuses.
 */
export function judgeDose(
  { token, before }: { token: number; before: DoseReading },
  now: DoseReading,
  { dose, meals }: Pick<RegisterMap, 'dose' | 'meals'>,
): DoseVerdict {
  const refusals = stepsForward(dose?.refused, before.refused, now.refused);
  const isRemembered =
    stepsForward(meals?.count, before.meals?.count, now.meals?.count) !== undefined &&
    stepsForward(meals?.totalGrams, before.meals?.totalGrams, now.meals?.totalGrams) !== undefined;
  if (refusals === undefined || !isRemembered) return 'unclear';
  if (now.lastToken === token) return refusals > 0 ? 'refused' : 'fed';
  // `refused` is read after `lastToken`: one more means that the next reading will show the token taken.
  return now.lastToken === before.lastToken && refusals <= 1 ? 'not-taken' : 'unclear';
}

/** How many steps a counter went forward; undefined where it went back or is not known; 0 where the map has none. */
function stepsForward(entry: NumberEntry | undefined, from: number | undefined, to: number | undefined): number | undefined {
  if (entry === undefined) return 0;
  if (from === undefined || to === undefined) return undefined;
  const width = 2 ** (16 * wordCount(entry.type));
  const steps = (Math.round(to / entry.scale) - Math.round(from / entry.scale) + width) % width;
  return steps < width / 2 ? steps : undefined;
}
