import { roundedGrams } from '../../topics/counters.ts';
import type { State } from '../../topics/payloads.ts';
import type { StoredAlarm } from '../store/alarms.ts';
import type { Queryable } from '../store/database.ts';
import type { ReportedConfig } from '../store/feeders.ts';
import { selectFed, selectHeldConfigs, selectLastDoses, selectLastMeals, selectPresenceSince, selectWorstAlarms, type LastDose, type LastMeal } from '../store/overview.ts';
import { plannedOn, STRIDE_MS, type ConfigChange } from './feeding-plan.ts';
import { gramsPerDayOf } from './feeding-rates.ts';
import { hopperForecast, type HopperForecast } from './hopper-forecast.ts';
import { presenceSpans, type PresenceSpan } from './presence-spans.ts';
import { siteDayAt, type SiteDay } from './site-days.ts';

/** A feeder to be looked at: what is known of it without asking the store. */
export type OverviewedFeeder = {
  feederId: string;
  timeZone: string;
  config: Pick<ReportedConfig, 'values' | 'readAtMs'> | null;
  state: State | null;
};

/** How a feeder is doing, at a glance. */
export type Overview = {
  feederId: string;
  today: { date: string; meals: number; fedGrams: number; plannedGrams: number | null; plannedSoFarGrams: number | null };
  lastMeal: LastMeal | null;
  lastDose: LastDose | null;
  hopper: HopperForecast;
  presence: PresenceSpan[];
  openAlarms: StoredAlarm[];
  openAlarmCount: number;
};

/** How far back presence is told, and by how many changes at most: of a feeder that comes and goes more often, by the newest. */
const PRESENCE_MS = 24 * 3_600_000;
export const MOST_PRESENCE_CHANGES = 100;
/** The most open alarms that are told of one feeder. */
export const MOST_ALARMS = 20;
/** The most configs that are looked at: of a feeder that has had as many since midnight no plan is made. */
export const MOST_CONFIGS = 200;

/** An overview of each of these feeders, in their order; by as many statements as it takes for one. Rejects with `StoreUnavailable`. */
export async function overviewsOf(db: Queryable, feeders: readonly OverviewedFeeder[], nowMs: number): Promise<Overview[]> {
  if (feeders.length === 0) return [];
  const feederIds = feeders.map(({ feederId }) => feederId);
  const todays = new Map([...new Set(feeders.map(({ timeZone }) => timeZone))].map((timeZone) => [timeZone, siteDayAt(nowMs, timeZone)]));
  const cases = feeders.flatMap((feeder) => {
    const today = todays.get(feeder.timeZone);
    return today === undefined ? [] : [{ feeder, today }];
  });
  const spansFrom = (beforeMs: number) =>
    cases.map(({ feeder: { feederId }, today }) => ({ feederId, fromMs: today.fromMs - beforeMs, toMs: today.toMs }));
  const presenceFromMs = nowMs - PRESENCE_MS;

  const fed = byFeeder(await selectFed(db, spansFrom(0)));
  const lastMeals = byFeeder(await selectLastMeals(db, feederIds));
  const lastDoses = byFeeder(await selectLastDoses(db, feederIds));
  const configs = allByFeeder(await selectHeldConfigs(db, spansFrom(STRIDE_MS), MOST_CONFIGS));
  const rates = await gramsPerDayOf(db, feederIds, nowMs);
  const changes = allByFeeder(await selectPresenceSince(db, feederIds, presenceFromMs, MOST_PRESENCE_CHANGES));
  const alarms = allByFeeder((await selectWorstAlarms(db, feederIds, MOST_ALARMS)).map((each) => ({ ...each, feederId: each.alarm.feederId })));

  return cases.map(({ feeder, today }) => {
    const { feederId } = feeder;
    const { meals = 0, grams = 0 } = fed.get(feederId) ?? {};
    const open = alarms.get(feederId) ?? [];
    return {
      feederId,
      today: { date: today.date, meals, fedGrams: roundedGrams(grams), ...planOf(feeder, today, configs.get(feederId) ?? [], nowMs) },
      lastMeal: lastMeals.get(feederId) ?? null,
      lastDose: lastDoses.get(feederId) ?? null,
      hopper: hopperForecast(feeder.state, rates.get(feederId), nowMs),
      presence: presenceSpans(changes.get(feederId) ?? [], { fromMs: presenceFromMs, toMs: nowMs }),
      openAlarms: open.map(({ alarm }) => alarm),
      openAlarmCount: open[0]?.openCount ?? 0,
    };
  });
}

function planOf(
  { config, timeZone }: OverviewedFeeder,
  today: SiteDay,
  held: readonly ConfigChange[],
  nowMs: number,
): { plannedGrams: number | null; plannedSoFarGrams: number | null } {
  const last = held.at(-1);
  // What was read later than any report of a change that is stored holds by now: that report is still on its way.
  const isNewer = config !== null && last !== undefined && config.readAtMs > last.atMs;
  const plan = plannedOn(today, isNewer ? [...held, { atMs: config.readAtMs, values: config.values }] : held, nowMs, timeZone);
  return { plannedGrams: plan && roundedGrams(plan.grams), plannedSoFarGrams: plan && roundedGrams(plan.soFarGrams) };
}

type OfFeeder = { feederId: string };

const byFeeder = <T extends OfFeeder>(rows: readonly T[]): Map<string, T> => new Map(rows.map((row) => [row.feederId, row]));

function allByFeeder<T extends OfFeeder>(rows: readonly T[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const row of rows) {
    const some = found.get(row.feederId);
    if (some) some.push(row);
    else found.set(row.feederId, [row]);
  }
  return found;
}
