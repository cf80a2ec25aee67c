import { setImmediate as turn } from 'node:timers/promises';
import { ALARM_NAMES, SEVERITIES, type AlarmName } from '../alarm-names.ts';
import type { BridgeClock } from '../clock.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import type { PresenceBoard } from '../liveness/presence.ts';
import type { Sessions } from '../liveness/sessions.ts';
import { clearAlarms, clearAlarmsOfRemoved, raiseAlarms, rewordAlarms, selectOpenAlarms, type OpenAlarm } from '../store/alarms.ts';
import type { Deviation } from '../store/config-watch.ts';
import type { Database } from '../store/database.ts';
import { configVerdicts, tellsMore } from './config-deviations.ts';
import { acceptAcknowledged, judgeConfigReports, settleDeviations } from './config-judge.ts';
import { FeedingRates } from './feeding-rates.ts';
import { MealEvidence } from './meal-evidence.ts';
import { verdictsOn } from './rules.ts';
import { Sightings } from './sightings.ts';
import { thresholdsOf } from './thresholds.ts';
import type { Verdict } from './verdict.ts';

export type EvaluationDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  directory: Directory;
  presence: Pick<PresenceBoard, 'find'>;
  sessions: Pick<Sessions, 'find'>;
};

/** How many feeders are judged before others have their turn. */
const FEEDERS_AT_ONCE = 250;

type OpenByName = ReadonlyMap<string, OpenAlarm>;
/** What is to be stored. */
type Changes = { raised: { feederId: string; name: AlarmName; detail: string }[]; cleared: OpenAlarm[]; reworded: OpenAlarm[] };

/**
 * Judges all feeders by all rules. The open alarms in the store are the only memory of what was raised, so that each is raised
 * once and cleared once whatever crashes.
 */
export class Evaluation {
  readonly #deps: EvaluationDeps;
  readonly #sightings: Sightings;
  readonly #meals: MealEvidence;
  readonly #rates = new FeedingRates();

  constructor(deps: EvaluationDeps) {
    this.#deps = deps;
    this.#sightings = new Sightings(deps.clock.now());
    this.#meals = new MealEvidence(this.#sightings);
  }

  /** A feeder told its readings, and the directory has them. */
  heard(feederId: string): void {
    const state = this.#deps.directory.find(feederId)?.state;
    if (state) this.#sightings.heard(feederId, state, this.#deps.clock.now());
  }

  /** Judges the feeders whose config was reported lately, at once. */
  async runReported(): Promise<void> {
    const { db, clock } = this.#deps;
    const nowMs = clock.now();
    await acceptAcknowledged(db, nowMs);
    const feederIds = [...(await judgeConfigReports(this.#deps))];
    if (feederIds.length > 0) await this.#judgeInTurns(feederIds, nowMs);
  }

  /** Judges all feeders. Rejects with `StoreUnavailable`; what was not stored then is found again by the next. */
  async run(): Promise<void> {
    const { db, clock, directory } = this.#deps;
    const nowMs = clock.now();
    await acceptAcknowledged(db, nowMs);
    await judgeConfigReports(this.#deps);
    // Their removal cleared what was stored by then; what was just being raised is left.
    await clearAlarmsOfRemoved(db, nowMs);
    await this.#judgeInTurns([...directory.ids()], nowMs);
    const isThere = (feederId: string): boolean => directory.find(feederId) !== undefined;
    for (const memory of [this.#sightings, this.#rates, this.#meals]) memory.keepOnly(isThere);
  }

  async #judgeInTurns(feederIds: readonly string[], nowMs: number): Promise<void> {
    const { db, directory } = this.#deps;
    const deviations = new Map((await settleDeviations(db)).map((watch) => [watch.feederId, watch.deviations]));
    const open = byFeeder(await selectOpenAlarms(db, 'bridge'));
    for (let first = 0; first < feederIds.length; first += FEEDERS_AT_ONCE) {
      const feeders = feederIds.slice(first, first + FEEDERS_AT_ONCE).flatMap((feederId) => directory.find(feederId) ?? []);
      await this.#judge(feeders, open, deviations, nowMs);
      await turn();
    }
  }

  async #judge(
    feeders: readonly Feeder[],
    open: ReadonlyMap<string, OpenByName>,
    deviations: ReadonlyMap<string, readonly Deviation[]>,
    nowMs: number,
  ): Promise<void> {
    const { db, presence, sessions } = this.#deps;
    const cases = feeders.map((feeder) => {
      const { feederId, state, alarmThresholds } = feeder;
      const look = { nowMs, presence: presence.find(feederId), plc: sessions.find(feederId)?.plc, state };
      const thresholds = thresholdsOf(alarmThresholds);
      const openByName: OpenByName = open.get(feederId) ?? new Map<string, OpenAlarm>();
      return { feeder, thresholds, known: this.#sightings.look(feederId, look), openByName };
    });
    const withHopper = cases.filter(({ thresholds, known }) => thresholds.hopperDaysLeft !== null && known.readings['hopperGrams'] !== undefined);
    await this.#rates.refresh(db, withHopper.map(({ feeder }) => feeder.feederId), nowMs);
    const mealCases = cases.map(({ thresholds, openByName, ...each }) => ({ ...each, most: thresholds.mealsMissed, isOpen: openByName.has('mealsMissed') }));
    const meals = await this.#meals.find(db, mealCases, nowMs);

    const changes: Changes = { raised: [], cleared: [], reworded: [] };
    for (const { feeder: { feederId, profile }, thresholds, known, openByName } of cases) {
      const all = { ...known, meals: meals.get(feederId), gramsPerDay: this.#rates.find(feederId) };
      const verdicts = { ...verdictsOn(all, thresholds), ...configVerdicts(deviations.get(feederId) ?? [], profile?.parameters ?? []) };
      for (const name of ALARM_NAMES) noteChange(changes, feederId, name, verdicts[name], openByName.get(name));
    }
    await this.#store(changes, nowMs);
  }

  async #store({ raised, cleared, reworded }: Changes, nowMs: number): Promise<void> {
    if (raised.length + cleared.length + reworded.length === 0) return;
    await this.#deps.db.transaction(async (tx) => {
      await clearAlarms(tx, cleared.map((alarm) => ({ ...alarm, clearedAtMs: nowMs })));
      await raiseAlarms(tx, raised.map((alarm) => ({ ...alarm, origin: 'bridge', severity: SEVERITIES[alarm.name], raisedAtMs: nowMs })));
      await rewordAlarms(tx, reworded);
    });
  }
}

/**
 * What a verdict changes in the alarms. What lasts stays as it was told first; where something else is changed on the panel
 * as well that is another alarm, so that whoever knows of the first, or has acknowledged it, hears of it.
 */
function noteChange(changes: Changes, feederId: string, name: AlarmName, verdict: Verdict, open: OpenAlarm | undefined): void {
  if (verdict.state === 'over' && open) changes.cleared.push(open);
  if (verdict.state !== 'active') return;
  const { detail } = verdict;
  if (open === undefined) changes.raised.push({ feederId, name, detail });
  else if (isOfConfig(name) && tellsMore(open.detail, detail)) {
    changes.cleared.push(open);
    changes.raised.push({ feederId, name, detail });
  } else if (isOfConfig(name) && open.detail !== detail) changes.reworded.push({ ...open, detail });
}

const isOfConfig = (name: AlarmName): boolean => name === 'configChangedOnPanel' || name === 'configFellBack';

function byFeeder(alarms: readonly OpenAlarm[]): Map<string, OpenByName> {
  const found = new Map<string, Map<string, OpenAlarm>>();
  for (const alarm of alarms) found.set(alarm.feederId, (found.get(alarm.feederId) ?? new Map<string, OpenAlarm>()).set(alarm.name, alarm));
  return found;
}
