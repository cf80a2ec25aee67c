import type { RegisterMap } from '../agent/plc/register-map.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import type { FeederLife } from '../seed/feeder-life.ts';
import { momentOf } from '../src/history/site-days.ts';
import { dateAt } from '../src/site-clock.ts';

/**
 * A simulated PLC that goes on where a made-up past ends: its counters follow what was counted, and its settings are those
 * that were reported. It has never taken a dose: its agent's new journal knows of none.
 */
export async function startPlcWithPast(map: RegisterMap, life: FeederLife, timeZone: string): Promise<SimulatedPlc> {
  const { hopperGrams, dispensedTodayGrams, mealsToday, counters, config, water } = life;
  const feeder = {
    hopperGrams,
    dispensedTodayGrams,
    mealsToday,
    motorJam: false,
    mealCount: counters.count,
    totalGrams: counters.totalGrams,
    lastToken: 0,
    refused: 0,
    doses: [],
  };
  const atStart = { map: map.name, feeder, registers: { coil: {}, holding: {} } };
  const nowMs = Date.now();
  const secondOfDay = (nowMs - momentOf(dateAt(nowMs, timeZone), 0, timeZone)) / 1000;
  const plc = await SimulatedPlc.start({ map, port: 0, secondOfDay, retainedMemory: { atStart, keep: () => undefined } });
  for (const [name, value] of Object.entries(config)) plc.panel.set(name, value);
  plc.panel.set('waterTemperatureCelsius', water.temperatureCelsius);
  plc.panel.set('dissolvedOxygenMgPerLitre', water.oxygenMgPerLitre);
  return plc;
}
