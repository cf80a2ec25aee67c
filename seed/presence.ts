import type { StoredPresence } from '../src/store/feeders.ts';
import { spoolIdOf, type SeededFeeder } from './feeder.ts';
import type { Incident } from './plan.ts';

/** How long a link has been silent when its lease expires. */
const LEASE_MS = 25_000;

/**
 * The feeder's presence, in the order of time: a session until each incident that ends one, another one afterwards, and in the
 * end none.
 */
export function presenceOf(feeder: SeededFeeder, incidents: readonly Incident[]): (StoredPresence & { feederId: string })[] {
  const { feederId, fromMs, toMs } = feeder;
  const changes: (StoredPresence & { feederId: string })[] = [];
  let epoch = fromMs;
  const tell = (atMs: number, change: Pick<StoredPresence, 'state' | 'reason'>): void => {
    if (change.state === 'online') epoch = atMs;
    changes.push({ feederId, atMs, epoch, sessionId: `${spoolIdOf(feeder)}.${epoch}`, ...change });
  };
  tell(fromMs, { state: 'online', reason: 'connected' });
  for (const { kind, fromMs: beginsMs, toMs: endsMs } of incidents) {
    if (kind === 'link-lost') tell(beginsMs + LEASE_MS, { state: 'offline', reason: 'lease-expired' });
    else if (kind === 'agent-down') tell(beginsMs, { state: 'offline', reason: 'connection-lost' });
    else continue;
    tell(endsMs, { state: 'online', reason: 'connected' });
  }
  if (feeder.isLost) tell(toMs + LEASE_MS, { state: 'offline', reason: 'lease-expired' });
  else tell(toMs, { state: 'offline', reason: 'shutdown' });
  return changes;
}
