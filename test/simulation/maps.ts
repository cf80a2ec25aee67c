import { fileURLToPath } from 'node:url';
import { loadRegisterMap, type RegisterMap } from '../../agent/plc/register-map.ts';

const REFERENCE_MAP = fileURLToPath(new URL('../../agent/register-maps/reference-feeder.yaml', import.meta.url));

/** The kinds of PLC that are simulated; an episode takes one of them by its seed. */
export async function loadMaps(): Promise<RegisterMap[]> {
  const loaded = await loadRegisterMap(REFERENCE_MAP);
  if (!loaded.ok) throw new Error(`expected a register map at ${REFERENCE_MAP}`);
  // What the PLC measures is of no concern here.
  const plain: RegisterMap = { ...loaded.map, readings: new Map(), guards: {} };
  return [
    plain,
    plain,
    { ...plain, meals: undefined },
    { ...plain, guards: { maxDoseGrams: 150, minGapSeconds: 1, maxGramsPerDay: 4_000 } },
  ];
}
