import type { ParameterValue, StandardConfig } from '../../../topics/parameters.ts';
import type { ConfigEntry, Entry, RegisterMap } from '../register-map.ts';
import { DEFAULT_SETTINGS, shownBy, type FeederState, type ScanInputs } from './feeder-model.ts';
import type { Memory } from './memory.ts';

/** Between the feeder's model and the registers of whatever map it was given. */

/** Every value of a map by its name; where sections share one, the setting stands before the reading. */
export const namedEntries = ({ alarms, readings, config, meals, dose }: RegisterMap): ReadonlyMap<string, Entry> =>
  new Map<string, Entry>([
    ...Object.entries({ ...meals, ...dose }).flatMap(([name, entry]): [string, Entry][] => (entry ? [[name, entry]] : [])),
    ...alarms,
    ...readings,
    ...config,
  ]);

const defaults = new Map<string, ParameterValue>(Object.entries(DEFAULT_SETTINGS));

/** A setting's value as the factory left it, within its range. */
export function defaultSetting(name: string, entry: ConfigEntry): ParameterValue {
  const value = defaults.get(name) ?? (entry.type === 'bool' ? false : 0);
  if (entry.type === 'bool') return value;
  return Math.min(entry.max, Math.max(entry.min, Number(value)));
}

/** What the PLC's program finds in its registers; takes back the clear-alarms order it finds. */
export function scanInputs(map: RegisterMap, memory: Memory): ScanInputs {
  const { dose } = map;
  return {
    settings: settingsIn(map, memory),
    clearAlarms: takeClearAlarms(map, memory),
    dose: dose && {
      token: memory.number(dose.token),
      grams: memory.number(dose.grams),
      canRefuse: dose.refused !== undefined,
    },
  };
}

/** Shows the feeder's state in the registers. */
export function publish(state: FeederState, { readings, alarms, meals, dose }: RegisterMap, memory: Memory): void {
  const shown = new Map<string, unknown>(Object.entries({ ...state, ...shownBy(state) }));
  for (const [name, entry] of [...readings, ...alarms]) {
    const value = shown.get(name);
    if (typeof value === 'boolean' && entry.type === 'bool') memory.set(entry, value);
    if (typeof value === 'number' && entry.type !== 'bool') memory.measure(entry, value);
  }
  if (meals) {
    memory.count(meals.count, state.mealCount);
    memory.count(meals.totalGrams, state.totalGrams);
  }
  if (dose) {
    memory.set(dose.lastToken, state.lastToken);
    if (dose.refused) memory.count(dose.refused, state.refused);
  }
}

function settingsIn({ config }: RegisterMap, memory: Memory): StandardConfig {
  const number = (name: keyof StandardConfig, otherwise: number): number => {
    const entry = config.get(name);
    return entry && entry.type !== 'bool' ? memory.number(entry) : otherwise;
  };
  const enabled = config.get('feedingEnabled');
  return {
    mealGrams: number('mealGrams', DEFAULT_SETTINGS.mealGrams),
    intervalSeconds: number('intervalSeconds', DEFAULT_SETTINGS.intervalSeconds),
    dailyLimitGrams: number('dailyLimitGrams', DEFAULT_SETTINGS.dailyLimitGrams),
    windowStartMinute: number('windowStartMinute', DEFAULT_SETTINGS.windowStartMinute),
    windowEndMinute: number('windowEndMinute', DEFAULT_SETTINGS.windowEndMinute),
    spreaderPercent: number('spreaderPercent', DEFAULT_SETTINGS.spreaderPercent),
    doseRateGramsPerSecond: number('doseRateGramsPerSecond', DEFAULT_SETTINGS.doseRateGramsPerSecond),
    oxygenStopMgPerLitre: number('oxygenStopMgPerLitre', DEFAULT_SETTINGS.oxygenStopMgPerLitre),
    temperatureStopCelsius: number('temperatureStopCelsius', DEFAULT_SETTINGS.temperatureStopCelsius),
    feedingEnabled: enabled ? memory.get(enabled) === true : DEFAULT_SETTINGS.feedingEnabled,
  };
}

function takeClearAlarms({ clearAlarms }: RegisterMap, memory: Memory): boolean {
  if (!clearAlarms) return false;
  const { table, address, value } = clearAlarms;
  const isOrdered = memory.read(table, address, 1)?.[0] === Number(value);
  if (isOrdered) memory.write(table, address, [value === 0 || value === false ? 1 : 0]);
  return isOrdered;
}
