import type { News } from '../../farm/news.ts';
import { matches } from '../../format/matches.ts';
import type { Entry, EntryType } from './entries.ts';

/** What of the list is asked for; undefined is all. */
export type Filter = { type: EntryType | undefined; site: string | undefined; feeder: string };

export const NO_FILTER: Filter = { type: undefined, site: undefined, feeder: '' };

/** What is known of a feeder by its id. */
export type FeederNames = (feederId: string) => { name: string; site: string } | undefined;

/** Whether an entry is asked for; a feeder by a part of its name or id. */
export function isAskedFor({ type, site, feeder }: Filter, entry: Entry, names: FeederNames): boolean {
  if (type !== undefined && entry.what.type !== type) return false;
  const known = names(entry.feederId);
  if (site !== undefined && known?.site !== site) return false;
  return matches(feeder, [entry.feederId, known?.name ?? '']);
}

/**
 * What came since a list was held, newest first. All of it, where nothing of what is held is among the news any more.
 */
export function newsSince(news: readonly News[], held: readonly News[]): readonly News[] {
  const [newest] = held;
  const at = newest === undefined ? -1 : news.indexOf(newest);
  return at === -1 ? news : news.slice(0, at);
}

/** The entries of a held list, each as it stands now, and how many came on top of it. */
export function heldEntries(entries: readonly Entry[], heldKeys: ReadonlySet<string>): { shown: readonly Entry[]; newer: readonly Entry[] } {
  const first = entries.findIndex(({ key }) => heldKeys.has(key));
  return first === -1 ? { shown: [], newer: entries } : { shown: entries.slice(first), newer: entries.slice(0, first) };
}
