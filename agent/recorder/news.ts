import type { AppliedDose } from '../journal/entry.ts';
import type { RegisterMap } from '../plc/register-map.ts';
import type { Observed } from '../spool/observed.ts';
import type { Happened } from '../spool/spool.ts';
import { alarmsTold, type AlarmsSeen } from './alarms.ts';
import { configTold, type ConfigSeen } from './config.ts';
import type { CountersSeen } from './counters-seen.ts';
import { withDoses } from './doses.ts';
import { mealsTold } from './meals.ts';
import { plcTold, type PlcSeen } from './plc-link.ts';
import { isWorthRecording, type ReadingsSeen } from './readings.ts';
import type { Told } from './told.ts';

/** What was seen of a PLC last, as far as it was looked at. */
export type Seen = {
  plc?: PlcSeen;
  config?: ConfigSeen;
  alarms?: AlarmsSeen;
  counters?: CountersSeen;
  /** Absent while the PLC gives none. */
  readings?: ReadingsSeen | undefined;
};

/** What the journal knows of doses. */
export type Doses = {
  /** Those that were given, oldest first; of one that nobody can tell of, the grams are told as the PLC's own. */
  given: readonly AppliedDose[];
  /** One was begun, and how it ended is not known yet: the counters may show it before its outcome does. */
  isUnderWay: boolean;
};

/** What was recorded so far. */
export type Recorded = { observed: Observed | undefined; readings: ReadingsSeen | undefined };

/** Records of what is new, and what is recorded with them. */
export type News = { happened: readonly Happened[]; observed: Observed; readings: ReadingsSeen | undefined };

/** What of all that was seen is not recorded yet; undefined where there is nothing to be kept. */
export function whatIsNew(recorded: Recorded, seen: Seen, doses: Doses, map: Pick<RegisterMap, 'meals' | 'readings'>): News | undefined {
  const known = recorded.observed ?? NOTHING;
  let told: Told = { happened: [], observed: withDoses(known, doses.given) };
  const tell = ({ happened, observed }: Told): void => {
    told = { happened: [...told.happened, ...happened], observed };
  };
  const { plc, config, alarms, counters, readings } = seen;
  if (plc) tell(plcTold(told.observed, plc));
  if (config) tell(configTold(told.observed, config));
  if (alarms) tell(alarmsTold(told.observed, alarms));
  if (map.meals && counters?.isSettled && !doses.isUnderWay) {
    tell(mealsTold(told.observed, doses.given, counters.counters, counters.since, map.meals));
  }
  const isReading = readings !== undefined && isWorthRecording(map.readings, recorded.readings, readings);
  if (isReading) tell({ happened: [{ at: readings.at, record: { kind: 'reading', values: readings.values } }], observed: told.observed });
  // Without a record they change when the PLC has begun anew.
  if (told.happened.length === 0 && told.observed.counters === known.counters) return undefined;
  return { ...told, readings: isReading ? readings : recorded.readings };
}

const NOTHING: Observed = { dosesToCome: [], dosesKnown: [] };
