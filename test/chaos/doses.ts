import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { TakenDose } from '../../agent/plc/simulator/feeder-model.ts';
import { Retained } from '../../agent/plc/simulator/retained-memory.ts';
import type { MealCounters } from '../../topics/counters.ts';
import type { PlcSite } from './system.ts';

export type FedDoses = {
  /** Every dose that the PLC took, in order. */
  doses: readonly TakenDose[];
  /** The PLC's own counters of what it fed. */
  counted: MealCounters;
};

/** Every dose that PLCs take, who remember only the last ones themselves: to be read again before they forget any. */
export class DoseBook {
  readonly #fed = new Map<string, FedDoses>();

  async read(plcs: readonly PlcSite[]): Promise<ReadonlyMap<string, FedDoses>> {
    for (const { feederId, retainFile } of plcs) {
      const { feeder } = Retained.parse(JSON.parse(await readFile(retainFile, 'utf8')));
      const known = this.#fed.get(feederId)?.doses ?? [];
      this.#fed.set(feederId, { doses: continued(known, feeder.doses), counted: { count: feeder.mealCount, totalGrams: feeder.totalGrams } });
    }
    return this.#fed;
  }
}

/** A list with what came after it, given its end as it is now: the last ones known and all since. */
export function continued(known: readonly TakenDose[], end: readonly TakenDose[]): readonly TakenDose[] {
  for (let shared = Math.min(known.length, end.length); shared > 0; shared--) {
    if (isDeepStrictEqual(known.slice(-shared), end.slice(0, shared))) return [...known, ...end.slice(shared)];
  }
  return [...known, ...end];
}
