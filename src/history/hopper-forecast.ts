import type { State } from '../../topics/payloads.ts';

/** What a hopper holds and how long that lasts at the pace of late; null where it is not known, or lasts for years. */
export type HopperForecast = {
  grams: number | null;
  /** When that was read. */
  readAtMs: number | null;
  gramsPerDay: number | null;
  daysLeft: number | null;
  emptyAtMs: number | null;
};

const DAY_MS = 86_400_000;
/** Nobody plans for longer. */
const LONGEST_DAYS = 3_660;

/** By the latest readings, however old they are: what has been fed since is reckoned with. A stale or bad reading is none. */
export function hopperForecast(state: State | null, gramsPerDay: number | undefined, nowMs: number): HopperForecast {
  const reading = state?.quality['hopperGrams'] === undefined ? state?.values['hopperGrams'] : undefined;
  const rate = { gramsPerDay: gramsPerDay ?? null };
  if (state === null || typeof reading !== 'number') return { grams: null, readAtMs: null, ...rate, daysLeft: null, emptyAtMs: null };
  const readAtMs = Date.parse(state.at);
  const lastsDays = reading <= 0 ? 0 : reading / (gramsPerDay ?? 0);
  const isKnown = lastsDays <= LONGEST_DAYS;
  const emptyAtMs = readAtMs + lastsDays * DAY_MS;
  return {
    grams: reading,
    readAtMs,
    ...rate,
    daysLeft: isKnown ? Math.max(0, emptyAtMs - nowMs) / DAY_MS : null,
    emptyAtMs: isKnown ? emptyAtMs : null,
  };
}
