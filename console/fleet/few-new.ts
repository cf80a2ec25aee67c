import { countShown, type Group } from './arrangement.ts';

/** The groups with so many feeders at most that were not drawn before, those that come first; and whether that is all of them. */
export function withFewNew(groups: readonly Group[], drawn: ReadonlySet<string>, mostNew: number): { groups: readonly Group[]; isAll: boolean } {
  let room = mostNew;
  const taken = groups.map(({ by, feederIds }) => ({
    by,
    feederIds: feederIds.filter((feederId) => {
      if (drawn.has(feederId)) return true;
      room -= 1;
      return room >= 0;
    }),
  }));
  const isAll = countShown(taken) === countShown(groups);
  return { groups: isAll ? groups : taken.filter(({ feederIds }) => feederIds.length > 0), isAll };
}
