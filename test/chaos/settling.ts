import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { MealCounters } from '../../topics/counters.ts';
import type { DoseBook } from './doses.ts';
import { allHistories, countersAtBaseline } from './history.ts';
import { jam } from './mishaps.ts';
import { isFeeding } from './panel.ts';
import { configOf, isServed } from './rest.ts';
import { unsettled } from './store.ts';
import type { System } from './system.ts';

/** Longer than an agent waits at most before it connects again. */
const BACK_WITHIN_MS = 40_000;
const GIVEN_UP_AFTER_MS = 15_000;
const POLL_MS = 50;
/** Feeder time all but stands still: no meal falls due. */
const STANDSTILL = 'speed 0.000001';

/** Waits until every feeder can be changed; no longer than an agent may take to come back. */
export async function untilServed({ rest, plcs }: System): Promise<void> {
  await Promise.all(plcs.map(({ feederId }) => within(BACK_WITHIN_MS, () => isServed(rest, feederId))));
}

/**
 * Waits until every feeder can be changed, its commands have their outcomes, and its config is known. Resolves with how
 * long each feeder's outcomes took from when it could be changed; infinite where they took too long to wait for.
 */
export async function untilSettled(system: System): Promise<Map<string, number>> {
  const found = await Promise.all(system.plcs.map(async ({ feederId }): Promise<[string, number]> => [feederId, await settledMs(system, feederId)]));
  return new Map(found);
}

/** Waits until every feeder's meals are followed from a baseline, and resolves with the PLCs' counters there. */
export async function untilBegun({ databaseUrl, plcs }: System): Promise<Map<string, MealCounters>> {
  const found = new Map<string, MealCounters>();
  await within(BACK_WITHIN_MS, async () => {
    for (const history of await allHistories(databaseUrl)) {
      const baseline = countersAtBaseline(history);
      if (baseline && !found.has(history.feederId)) found.set(history.feederId, baseline);
    }
    return found.size === plcs.length;
  });
  return found;
}

/**
 * Ends all feeding, with the motor of one PLC jammed, and waits until the bridge has stored what all PLCs counted and shows
 * their alarms; no longer than the spools may take to drain. Resolves with the alarms that are active.
 */
export async function untilTold({ plcs, databaseUrl }: System, doseBook: DoseBook): Promise<Map<string, string[]>> {
  const [jammed] = plcs;
  await Promise.all(plcs.map(({ keeper }) => jam(keeper, false)));
  await Promise.all(plcs.map(({ keeper }) => within(GIVEN_UP_AFTER_MS, async () => !(await isFeeding(keeper)))));
  await Promise.all(plcs.map(({ keeper }) => keeper.ask(STANDSTILL, /^speed /)));
  if (jammed) await jam(jammed.keeper, true);
  const active = new Map(plcs.map((plc) => [plc.feederId, plc === jammed ? ['motorJam'] : []]));
  await within(BACK_WITHIN_MS, async () => {
    const [histories, fed] = [await allHistories(databaseUrl), await doseBook.read(plcs)];
    return histories.every(
      ({ feederId, counters, openAlarms }) =>
        isDeepStrictEqual(counters, fed.get(feederId)?.counted) && isDeepStrictEqual(openAlarms, active.get(feederId)),
    );
  });
  return active;
}

async function settledMs({ rest, databaseUrl }: System, feederId: string): Promise<number> {
  await within(BACK_WITHIN_MS, () => isServed(rest, feederId));
  const backAtMs = performance.now();
  const isSettled = await within(GIVEN_UP_AFTER_MS, async () => !(await unsettled(databaseUrl)).has(feederId));
  const tookMs = performance.now() - backAtMs;
  await within(GIVEN_UP_AFTER_MS, async () => (await configOf(rest, feederId)) !== undefined);
  return isSettled ? tookMs : Infinity;
}

async function within(ms: number, holds: () => Promise<boolean>): Promise<boolean> {
  const deadlineMs = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) return false;
    await delay(POLL_MS);
  }
  return true;
}
