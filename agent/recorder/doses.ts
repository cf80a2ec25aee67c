import type { AppliedDose } from '../journal/entry.ts';
import type { Observed } from '../spool/observed.ts';

/** Doses that do not show in the counters for so long are given up. */
const MOST_TO_COME = 10;
/** How many of the doses given are looked at; twice as many are remembered, so that none is taken twice. */
const MOST_GIVEN = 100;

/**
 * Takes what is new among the doses that were given, oldest first: the counters are still to show them. Before the baseline
 * there is nothing to be told apart: the bridge does that with what was fed until then.
 */
export function withDoses(observed: Observed, given: readonly AppliedDose[]): Observed {
  const known = new Set(observed.dosesKnown);
  const fresh = given.slice(-MOST_GIVEN).filter(({ commandId }) => !known.has(commandId));
  if (fresh.length === 0) return observed;
  return {
    ...observed,
    dosesToCome: observed.counters === undefined ? [] : [...observed.dosesToCome, ...fresh].slice(-MOST_TO_COME),
    dosesKnown: [...observed.dosesKnown, ...fresh.map(({ commandId }) => commandId)].slice(-2 * MOST_GIVEN),
  };
}

/** The doses still to come when `fed` are counted; an older one than those never comes: a PLC feeds in order. */
export function dosesAfter(toCome: readonly AppliedDose[], fed: readonly AppliedDose[]): AppliedDose[] {
  const newest = fed.at(-1);
  return newest === undefined ? [...toCome] : toCome.slice(toCome.findIndex(({ commandId }) => commandId === newest.commandId) + 1);
}
