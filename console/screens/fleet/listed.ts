import type { Changes } from '../../change/changes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import type { FleetStandings } from './fleet-standings.ts';

/** What every place in the list is drawn from. */
export type Fleet = { readonly farm: Farm; readonly changes: Changes; readonly standings: FleetStandings };

/** A place in the list. `isFirst`: it is seen when the screen opens, as far as one can tell before it is drawn. */
export type Listed = { fleet: Fleet; entry: FeederEntry; isFirst: boolean };
