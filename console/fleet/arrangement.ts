import { CONDITIONS, conditionOf, hasConcern, type Concern, type Condition, type Standing } from './standing.ts';

export const GROUPINGS = ['none', 'site', 'condition'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export const SORTINGS = ['attention', 'name'] as const;
export type Sorting = (typeof SORTINGS)[number];

/** Which feeders someone wants to see, and in what order. */
export type Wanted = {
  readonly query: string;
  /** All sites where it is undefined, or no feeder is at it any more. */
  readonly site: string | undefined;
  /** Feeders with any of these; every feeder where there is none. */
  readonly concerns: ReadonlySet<Concern>;
  readonly groupBy: Grouping;
  readonly sortBy: Sorting;
  /** Names are in the order of this language. */
  readonly language: string;
};

/** Feeders that belong together, in their order; never empty. */
export type Group = { readonly by: GroupBy; readonly feederIds: readonly string[] };
export type GroupBy = { kind: 'none' } | { kind: 'site'; site: string } | { kind: 'condition'; condition: Condition };

/** A text to be searched: without marks such as accents, and without capitals. */
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether each word that is looked for is part of the feeder's name, id or site. */
function matches({ name, feederId, site }: Standing, wordsSought: readonly string[]): boolean {
  if (wordsSought.length === 0) return true;
  const text = folded(`${name} ${feederId} ${site}`);
  return wordsSought.every((word) => text.includes(word));
}

/** The feeders that are wanted, in groups and in order. */
export function arrange(standings: readonly Standing[], wanted: Wanted): Group[] {
  const collator = new Intl.Collator(wanted.language, { numeric: true, sensitivity: 'base' });
  const wordsSought = folded(wanted.query).split(/\s+/).filter((word) => word !== '');
  const site = standings.some((standing) => standing.site === wanted.site) ? wanted.site : undefined;
  const placed = standings
    .filter((standing) => site === undefined || standing.site === site)
    .filter((standing) => wanted.concerns.size === 0 || [...wanted.concerns].some((concern) => hasConcern(standing, concern)))
    .filter((standing) => matches(standing, wordsSought))
    .map((standing) => ({ standing, condition: conditionOf(standing), rank: CONDITIONS.indexOf(conditionOf(standing)) }));
  placed.sort((one, other) => {
    const byRank = wanted.sortBy === 'attention' ? one.rank - other.rank : 0;
    return byRank || collator.compare(one.standing.name, other.standing.name) || (one.standing.feederId < other.standing.feederId ? -1 : 1);
  });
  const groups = new Map<string, { by: GroupBy; rank: number; feederIds: string[] }>();
  for (const { standing, condition, rank } of placed) {
    const by = groupOf(wanted.groupBy, standing, condition);
    const key = keyOfGroup(by);
    const group = groups.get(key) ?? { by, rank, feederIds: [] };
    groups.set(key, group);
    group.feederIds.push(standing.feederId);
  }
  return [...groups.values()]
    .sort((one, other) => (one.by.kind === 'site' && other.by.kind === 'site' ? collator.compare(one.by.site, other.by.site) : one.rank - other.rank))
    .map(({ by, feederIds }) => ({ by, feederIds }));
}

function groupOf(groupBy: Grouping, { site }: Standing, condition: Condition): GroupBy {
  switch (groupBy) {
    case 'none':
      return { kind: 'none' };
    case 'site':
      return { kind: 'site', site };
    case 'condition':
      return { kind: 'condition', condition };
  }
}

/** What tells a group from the others beside it. */
export function keyOfGroup(by: GroupBy): string {
  switch (by.kind) {
    case 'none':
      return 'none';
    case 'site':
      return `site ${by.site}`;
    case 'condition':
      return `condition ${by.condition}`;
  }
}

/** Whether both show the same feeders in the same order under the same headings. */
export const isSameArrangement = (one: readonly Group[], other: readonly Group[]): boolean =>
  one.length === other.length &&
  one.every((group, index) => {
    const beside = other[index];
    return (
      beside !== undefined &&
      keyOfGroup(group.by) === keyOfGroup(beside.by) &&
      group.feederIds.length === beside.feederIds.length &&
      group.feederIds.every((feederId, place) => feederId === beside.feederIds[place])
    );
  });

/** How many feeders are in all the groups together. */
export const countShown = (groups: readonly Group[]): number => groups.reduce((sum, { feederIds }) => sum + feederIds.length, 0);
