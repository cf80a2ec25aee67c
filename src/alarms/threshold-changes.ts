import type { BridgeClock } from '../clock.ts';
import type { Directory } from '../feeders/directory.ts';
import { insertAuditEntries, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { updateAlarmThresholds, type StoredThresholds } from '../store/feeders.ts';
import { Turns } from '../turns.ts';
import { DEFAULT_THRESHOLDS, thresholdsOf, type Thresholds } from './thresholds.ts';

/** Changes the thresholds of feeders. */
export class ChangeThresholds {
  readonly #db: Database;
  readonly #clock: Pick<BridgeClock, 'now'>;
  readonly #directory: Directory;
  /** One change at a time for each feeder, so that what is told last is what was stored last. */
  readonly #turns = new Turns();

  constructor({ db, clock, directory }: { db: Database; clock: Pick<BridgeClock, 'now'>; directory: Directory }) {
    this.#db = db;
    this.#clock = clock;
    this.#directory = directory;
  }

  /** Changes some, and tells all as they are then; undefined for a feeder that was removed meanwhile. */
  run(feederId: string, changes: StoredThresholds, author: Author): Promise<Thresholds | undefined> {
    return this.#turns.run(feederId, async () => {
      const defaults: StoredThresholds = DEFAULT_THRESHOLDS;
      const defaultAgain = Object.keys(changes).filter((name) => changes[name] === defaults[name]);
      const feeder = this.#directory.find(feederId);
      if (feeder === undefined) return undefined;
      const stored = await this.#db.transaction(async (tx) => {
        const stored = await updateAlarmThresholds(tx, feederId, changes, defaultAgain);
        if (stored === undefined) return undefined;
        const result = { kind: 'done' as const, before: those(changes, thresholdsOf(feeder.alarmThresholds)), after: those(changes, thresholdsOf(stored)) };
        await insertAuditEntries(tx, [{ atMs: this.#clock.now(), author, action: 'changeAlarmThresholds', sites: [feeder.site], feederId, result }]);
        return stored;
      });
      if (stored === undefined) return undefined;
      this.#directory.setAlarmThresholds(feederId, stored);
      return thresholdsOf(stored);
    });
  }
}

/** What is held of what is changed. */
const those = (changes: StoredThresholds, held: StoredThresholds): object =>
  Object.fromEntries(Object.keys(changes).map((name) => [name, held[name]]));
