import type { Log } from '../machine/log.ts';
import type { Presence } from './liveness/presence.ts';
import type { StoredCommand } from './store/commands.ts';
import type { Database } from './store/database.ts';
import { updatePresence } from './store/feeders.ts';
import { insertRefused } from './store/postgres-commands.ts';
import { insertPresenceChanges } from './store/presence-changes.ts';
import { insertQuarantined, type QuarantinedMessage } from './store/quarantine.ts';
import { WriteBehind } from './store/write-behind.ts';

export type LaterWritesDeps = {
  db: Database;
  log: Log;
  lastSeenAtMs: (feederId: string) => number | undefined;
  /** Something was stored that events tell of. */
  onStored: () => void;
};

/** What is answered or told first, and stored a little later. */
export class LaterWrites {
  /** Changes turned away at the door. */
  readonly refusals: WriteBehind<StoredCommand>;
  readonly quarantine: WriteBehind<QuarantinedMessage>;
  /** The latest of each feeder. */
  readonly presences: WriteBehind<Presence>;
  /** Each change of it. */
  readonly presenceChanges: WriteBehind<Presence>;

  constructor({ db, log, lastSeenAtMs, onStored }: LaterWritesDeps) {
    const onDropped = (what: string) => (count: number, why: unknown) =>
      log.error({ err: why, count }, `${what}: given up, because the database does not take them`);
    this.refusals = new WriteBehind({
      capacity: 10_000,
      write: (batch) => insertRefused(db, batch).then(onStored),
      onDropped: onDropped('refused changes'),
    });
    this.quarantine = new WriteBehind({
      capacity: 1_000,
      write: (batch) => insertQuarantined(db, batch),
      onDropped: onDropped('quarantined messages'),
    });
    this.presences = new WriteBehind({
      capacity: 100_000,
      keyOf: ({ feederId }) => feederId,
      write: (batch) => updatePresence(db, batch.map((told) => ({ ...told, lastSeenAtMs: lastSeenAtMs(told.feederId) ?? null }))),
      onDropped: onDropped('presences'),
    });
    this.presenceChanges = new WriteBehind({
      capacity: 100_000,
      write: (batch) => insertPresenceChanges(db, batch).then(onStored),
      onDropped: onDropped('changes of presence'),
    });
  }

  /** Stores what waits, with one try for each batch, and takes nothing more. */
  async stop(): Promise<void> {
    await Promise.all([this.refusals.stop(), this.quarantine.stop(), this.presences.stop(), this.presenceChanges.stop()]);
  }
}
