import type { Farm } from '../../farm/farm.ts';
import { session } from '../../session/session.ts';

/** The sites that whoever is signed in may give something out for, as far as they are known: their own, and those of the feeders. */
export function knownSites(farm: Farm): string[] {
  const own = ownSites() ?? [...farm.feeders.value.values()].map(({ facts }) => facts.peek().site);
  return [...new Set(own)].sort();
}

/** The sites of whoever is signed in; null is all. */
export const ownSites = (): readonly string[] | null => (session.value.kind === 'signed-in' ? session.value.me.sites : []);
