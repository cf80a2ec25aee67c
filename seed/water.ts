/** What sensors in the water measure. */
export type Water = { temperatureCelsius: number; oxygenMgPerLitre: number };

const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
/** Of the year: the first days of August. */
const WARMEST_MS = 214 * DAY_MS;
const LEAST_OXYGEN_MG_PER_LITRE = 3.8;

const wave = (atMs: number, lengthMs: number, topMs: number): number => Math.cos((2 * Math.PI * (atMs - topMs)) / lengthMs);

/**
 * The water at a moment: warmest in August and in mid-afternoon, with the weather of its own `place`; warm water holds less
 * oxygen, and by night the plants use some. `dip` says how far through a lack of oxygen it is, from 0 to 1.
 */
export function waterAt(atMs: number, dayStartMs: number, place: number, dip: number | undefined): Water {
  const day = wave(atMs - dayStartMs, DAY_MS, DAY_MS * 0.63);
  const weather = 0.7 * wave(atMs, 3.3 * DAY_MS, place * DAY_MS) + 0.5 * wave(atMs, 8.1 * DAY_MS, place * 3 * DAY_MS);
  const temperatureCelsius = 12 + 4.5 * wave(atMs, YEAR_MS, WARMEST_MS) + 1.1 * day + weather;
  const usual = 12.2 - 0.25 * temperatureCelsius + 0.5 * day;
  const lacking = dip === undefined ? 0 : (usual - LEAST_OXYGEN_MG_PER_LITRE) * Math.sin(Math.PI * dip);
  return { temperatureCelsius, oxygenMgPerLitre: usual - lacking };
}
