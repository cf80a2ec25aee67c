import type { Log } from '../machine/log.ts';
import type { Timers } from '../machine/timers.ts';
import { Audit } from './access/audit.ts';
import type { BridgeClock } from './clock.ts';
import type { Presence } from './liveness/presence.ts';
import type { StoredCommand } from './store/commands.ts';
import type { Database } from './store/database.ts';
import { updateLastSeen, updatePresence } from './store/feeders.ts';
import { insertRefused } from './store/postgres-commands.ts';
import { insertPresenceChanges, type NewPresenceChange } from './store/presence-changes.ts';
import { insertQuarantined, type QuarantinedMessage } from './store/quarantine.ts';
import { WriteBehind } from './store/write-behind.ts';

/** How often the time a feeder was last seen is stored while it is online. */
const LAST_SEEN_EVERY_MS = 5 * 60_000;

export type LaterWritesDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  log: Log;
  /** When this bridge last heard a feeder's agent. */
  lastSeenAtMs: (feederId: string) => number | undefined;
  /** When a bridge before it did, as stored. */
  seenBeforeAtMs: (feederId: string) => number | undefined;
  /** Those who are online. */
  online: () => readonly Presence[];
  /** Something was stored that events tell of. */
  onStored: () => void;
};

/** What is answered or told first, and stored a little later. */
export class LaterWrites {
  /** Changes turned away at the door. */
  readonly refusals: WriteBehind<StoredCommand>;
  readonly quarantine: WriteBehind<QuarantinedMessage>;
  /** Attempts that were refused. */
  readonly audit: Audit;
  readonly #presenceChanges: WriteBehind<NewPresenceChange>;
  readonly #lastSeen: WriteBehind<string>;
  readonly #deps: LaterWritesDeps;
  readonly #timer: NodeJS.Timeout;

  constructor(deps: LaterWritesDeps) {
    const { db, clock, timers, log, lastSeenAtMs, onStored } = deps;
    this.#deps = deps;
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
    this.audit = new Audit({ db, clock, timers, onDropped: onDropped('refused attempts') });
    this.#presenceChanges = new WriteBehind({
      capacity: 100_000,
      // Together: who is told to be offline is not looked for by the next bridge.
      write: async (batch) => {
        const latest = [...new Map(batch.map((told) => [told.feederId, told])).values()];
        await db.transaction(async (tx) => {
          await updatePresence(tx, latest.map((told) => ({ ...told, lastSeenAtMs: lastSeenAtMs(told.feederId) ?? null })));
          await insertPresenceChanges(tx, batch);
        });
        onStored();
      },
      onDropped: onDropped('changes of presence'),
    });
    this.#lastSeen = new WriteBehind({
      capacity: 100_000,
      keyOf: (feederId) => feederId,
      write: (batch) => updateLastSeen(db, batch.map((feederId) => ({ feederId, atMs: lastSeenAtMs(feederId) ?? null }))),
      onDropped: onDropped('times of being last seen'),
    });
    this.#timer = setInterval(() => this.#storeLastSeen(), LAST_SEEN_EVERY_MS);
  }

  /** Stores a change of presence: what holds now, and that it changed. */
  presenceChanged(told: Presence): void {
    const { lastSeenAtMs, seenBeforeAtMs } = this.#deps;
    const { feederId, reason } = told;
    // A lease that ran out before this bridge heard of its feeder: nobody knows when, while no bridge was there.
    const isFound = reason === 'lease-expired' && lastSeenAtMs(feederId) === undefined;
    this.#presenceChanges.add({ ...told, unwatchedSinceMs: isFound ? (seenBeforeAtMs(feederId) ?? 0) : null });
  }

  /** Stores what waits, with one try for each batch, and takes nothing more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#storeLastSeen();
    await Promise.all([this.refusals.stop(), this.quarantine.stop(), this.audit.stop(), this.#presenceChanges.stop(), this.#lastSeen.stop()]);
  }

  #storeLastSeen(): void {
    for (const { feederId } of this.#deps.online()) this.#lastSeen.add(feederId);
  }
}
