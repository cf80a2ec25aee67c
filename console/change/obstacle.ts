import type { Link } from '../farm/farm.ts';
import type { Feeder } from '../api/shapes.ts';

/** Why nothing can be sent to a feeder now. */
export type Obstacle = 'linkLost' | 'offline' | 'plcUnreachable';

/** What stands against sending anything; undefined where nothing is known to. The bridge would refuse it all the same. */
export function obstacleTo(link: Link, { presence, plc }: Pick<Feeder, 'presence' | 'plc'>): Obstacle | undefined {
  if (link.kind !== 'live') return 'linkLost';
  if (presence === 'offline') return 'offline';
  return plc === 'unreachable' ? 'plcUnreachable' : undefined;
}
