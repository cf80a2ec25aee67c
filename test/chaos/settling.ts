import { setTimeout as delay } from 'node:timers/promises';
import { configOf, isServed } from './rest.ts';
import { unsettled } from './store.ts';
import type { System } from './system.ts';

/** Longer than an agent waits at most before it connects again. */
const BACK_WITHIN_MS = 40_000;
const GIVEN_UP_AFTER_MS = 15_000;
const POLL_MS = 50;

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
