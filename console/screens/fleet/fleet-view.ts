import { computed, signal, type Signal } from '@preact/signals';
import { keep, readKept } from '../../device/kept.ts';
import { GROUPINGS, SORTINGS, type Wanted } from '../../fleet/arrangement.ts';
import type { Concern } from '../../fleet/standing.ts';
import { language } from '../../words/language.ts';

export const LAYOUTS = ['tiles', 'rows'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** A choice that the device keeps. */
export type KeptChoice<T extends string> = { readonly options: readonly T[]; readonly now: Signal<T>; choose: (chosen: T) => void };

/** The first option, unless another was chosen here before. */
function keptChoice<T extends string>(name: string, options: readonly [T, ...T[]]): KeptChoice<T> {
  const kept = readKept('lasting', name);
  const now = signal(options.find((option) => option === kept) ?? options[0]);
  return {
    options,
    now,
    choose: (chosen) => {
      now.value = chosen;
      keep('lasting', name, chosen);
    },
  };
}

export const layout = keptChoice('fleet.layout', LAYOUTS);
export const groupBy = keptChoice('fleet.groupBy', GROUPINGS);
export const sortBy = keptChoice('fleet.sortBy', SORTINGS);

/** What is looked for; it stays while the page is open, so that one comes back to the same list from a feeder. */
export const query = signal('');
export const siteChosen = signal<string | undefined>(undefined);
export const concerns = signal<ReadonlySet<Concern>>(new Set());
/** The groups that are folded up, by their keys. */
export const folded = signal<ReadonlySet<string>>(new Set());

/** A set with a member put in, or taken out if it was there. */
const toggled = <T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> => (set.has(member) ? new Set([...set].filter((each) => each !== member)) : new Set([...set, member]));

export function toggleConcern(concern: Concern): void {
  concerns.value = toggled(concerns.value, concern);
}

export function clearConcerns(): void {
  concerns.value = new Set();
}

export function toggleFolded(key: string): void {
  folded.value = toggled(folded.value, key);
}

/** Shows every feeder again. */
export function clearFilters(): void {
  query.value = '';
  siteChosen.value = undefined;
  clearConcerns();
}

/** Everything that someone chose of what is shown and in which order. */
export const wanted = computed<Wanted>(() => ({
  query: query.value,
  site: siteChosen.value,
  concerns: concerns.value,
  groupBy: groupBy.now.value,
  sortBy: sortBy.now.value,
  language: language.value,
}));
