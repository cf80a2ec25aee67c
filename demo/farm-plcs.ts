import { fileURLToPath } from 'node:url';
import { loadRegisterMap, type RegisterMap } from '../agent/plc/register-map.ts';
import type { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import type { FeederLife } from '../seed/feeder-life.ts';
import { PRESENT_FEEDERS } from './farm.ts';
import { startPlcWithPast } from './plc-with-a-past.ts';

/** The register map that all of the farm's PLCs have. */
export const REFERENCE_MAP = fileURLToPath(new URL('../agent/register-maps/reference-feeder.yaml', import.meta.url));
export type LoadedReferenceMap = { map: RegisterMap; sha256: string };

/** Reads it; throws with what is wrong with it. */
export async function loadReferenceMap(): Promise<LoadedReferenceMap> {
  const loaded = await loadRegisterMap(REFERENCE_MAP);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded;
}

/** A simulated PLC for each feeder that is not away, as its past left it; each is told as soon as it runs. */
export async function startPlcs(
  { map }: LoadedReferenceMap,
  lives: ReadonlyMap<string, FeederLife>,
  timeZone: string,
  onStarted: (feederId: string, plc: SimulatedPlc) => void,
): Promise<void> {
  for (const { feederId, condition } of PRESENT_FEEDERS) {
    const life = lives.get(feederId);
    if (life === undefined) throw new Error(`expected a past of ${feederId}`);
    const plc = await startPlcWithPast(map, life, timeZone);
    onStarted(feederId, plc);
    if (condition !== 'jammed') continue;
    plc.panel.feed(life.config.mealGrams);
    plc.panel.set('motorJam', true);
  }
}
