import type { Reason } from '../../topics/commands.ts';
import { toInstant } from '../../topics/identifiers.ts';
import type { CountedDose } from '../journal/entry.ts';
import { because } from './change-reasons.ts';
import type { RegisterMap } from './register-map.ts';

/** A dose asked for, and what the guards go by; times on the bridge's clock, milliseconds since 1970. */
export type DoseAsked = {
  grams: number;
  nowMs: number;
  /** Those that were fed, or perhaps fed, in the last 24 h at least. */
  doses: readonly CountedDose[];
  /** Until when there may have been doses that nobody knows of; undefined where all are known. */
  dosesForgottenUntilMs: number | undefined;
  /** 0 shows a PLC that was never given a dose. */
  lastToken: number;
};

const DAY_MS = 24 * 3600 * 1000;
/** Sums of tenths of grams are not exact. */
const TOLERANCE_GRAMS = 1e-6;

/**
 * Why the guards forbid the dose now, or undefined. Where doses were forgotten, gap and day count as if the full
 * allowance had been used when the memory begins. A dose whose time lies ahead of now counts as fed now.
 */
export function checkGuards(
  { maxDoseGrams = Infinity, minGapSeconds = 0, maxGramsPerDay = Infinity }: RegisterMap['guards'],
  { grams, nowMs, doses, dosesForgottenUntilMs, lastToken }: DoseAsked,
): Reason | undefined {
  if (grams > maxDoseGrams) return because('maximum-dose', `expected at most ${maxDoseGrams} g in one dose, not ${grams}`);
  const isForgotten = lastToken !== 0 && dosesForgottenUntilMs !== undefined;
  const counted = [...doses, ...(isForgotten ? [{ atMs: dosesForgottenUntilMs, grams: maxGramsPerDay }] : [])].map(
    (dose) => ({ grams: dose.grams, atMs: countsFromMs(dose, nowMs) }),
  );
  const gapEndsMs = endOfGap(counted, minGapSeconds);
  const dayAllowsMs = whenDayAllows(counted, maxGramsPerDay - grams);
  const next = (): string => {
    const atMs = Math.max(gapEndsMs, dayAllowsMs);
    return atMs === Infinity ? `${grams} g are never taken` : `${grams} g would be taken from ${toInstant(atMs)} on`;
  };
  if (nowMs < gapEndsMs) return because('minimum-gap', `expected ${minGapSeconds} s between doses; ${next()}`);
  if (nowMs < dayAllowsMs) return because('daily-limit', `expected at most ${maxGramsPerDay} g in 24 h; ${next()}`);
  return undefined;
}

/** The later of a dose's times that is not ahead; now, where all are. */
function countsFromMs({ atMs, loweredToMs }: CountedDose, nowMs: number): number {
  const past = [atMs, ...(loweredToMs === undefined ? [] : [loweredToMs])].filter((ms) => ms <= nowMs);
  return past.length > 0 ? Math.max(...past) : nowMs;
}

const endOfGap = (doses: readonly CountedDose[], minGapSeconds: number): number =>
  Math.ceil(Math.max(...doses.map(({ atMs }) => atMs)) + minGapSeconds * 1000);

/** From when on the doses of the last 24 h make up no more than `leaveGrams`. */
function whenDayAllows(doses: readonly CountedDose[], leaveGrams: number): number {
  if (leaveGrams === Infinity) return -Infinity;
  if (leaveGrams < 0) return Infinity;
  let sumGrams = 0;
  for (const { atMs, grams } of [...doses].sort((a, b) => b.atMs - a.atMs)) {
    sumGrams += grams;
    if (sumGrams > leaveGrams + TOLERANCE_GRAMS) return atMs + DAY_MS;
  }
  return -Infinity;
}
