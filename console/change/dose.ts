import type { FeederOverview, Profile } from '../api/shapes.ts';

type Guards = NonNullable<Profile['guards']>;
type LastDose = NonNullable<FeederOverview['lastDose']>;

export type DoseFault = 'unreadable' | 'not-positive' | 'too-much';

/** What is wrong with the grams of a dose; undefined where they may be asked for. */
export function doseFault(grams: number | undefined, guards: Guards | undefined): DoseFault | undefined {
  if (grams === undefined || !Number.isFinite(grams)) return 'unreadable';
  if (grams <= 0) return 'not-positive';
  const most = Math.min(guards?.maxDoseGrams ?? Infinity, guards?.maxGramsPerDay ?? Infinity);
  return grams > most ? 'too-much' : undefined;
}

/** Until when the farm computer takes no dose after the last one; undefined where nothing is known to stand against one now. */
export function gapEndsMs(lastDose: Pick<LastDose, 'at'> | null | undefined, guards: Guards | undefined, nowMs: number): number | undefined {
  if (!lastDose || guards?.minGapSeconds === undefined) return undefined;
  const endsMs = Date.parse(lastDose.at) + guards.minGapSeconds * 1000;
  return endsMs > nowMs ? endsMs : undefined;
}
