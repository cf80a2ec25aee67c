import { Farm } from './farm.ts';
import type { KeptFarm } from './kept-farm.ts';

const nothing = (): void => undefined;

/** A farm as it was kept: to be looked at, while the bridge cannot be reached. */
export function farmAsKept({ feeders, overviews, asOfMs }: KeptFarm): Farm {
  const farm = new Farm(nothing, nothing);
  farm.setFeeders(feeders, asOfMs);
  farm.setOverviews(overviews);
  farm.isLoaded.value = true;
  farm.link.value = { kind: 'lost', sinceMs: asOfMs };
  return farm;
}
