import { computed, type ReadonlySignal } from '@preact/signals';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isSameStanding, standingOf, type Standing } from '../../fleet/standing.ts';

/** How each feeder of a farm stands, by its id; a feeder's own changes when something coarse of it has, and in no other case. */
export type FleetStandings = {
  readonly all: ReadonlySignal<readonly Standing[]>;
  of: (entry: FeederEntry) => ReadonlySignal<Standing>;
};

/** Follows how the feeders of a farm stand. */
export function fleetStandings(farm: Farm): FleetStandings {
  const known = new WeakMap<FeederEntry, ReadonlySignal<Standing>>();
  const of = (entry: FeederEntry): ReadonlySignal<Standing> => {
    const standing = known.get(entry) ?? standingSignal(entry);
    known.set(entry, standing);
    return standing;
  };
  return { of, all: computed(() => [...farm.feeders.value.values()].map((entry) => of(entry).value)) };
}

function standingSignal({ facts, overview }: FeederEntry): ReadonlySignal<Standing> {
  let last: Standing | undefined;
  return computed(() => {
    const next = standingOf(facts.value, overview.value);
    // The same object tells whoever follows it that nothing has changed.
    last = last !== undefined && isSameStanding(last, next) ? last : next;
    return last;
  });
}
