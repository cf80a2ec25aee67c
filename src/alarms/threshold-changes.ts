import type { Directory } from '../feeders/directory.ts';
import type { Database } from '../store/database.ts';
import { updateAlarmThresholds, type StoredThresholds } from '../store/feeders.ts';
import { Turns } from '../turns.ts';
import { DEFAULT_THRESHOLDS, thresholdsOf, type Thresholds } from './thresholds.ts';

/** Changes the thresholds of feeders. */
export class ChangeThresholds {
  readonly #db: Database;
  readonly #directory: Directory;
  /** One change at a time for each feeder, so that what is told last is what was stored last. */
  readonly #turns = new Turns();

  constructor({ db, directory }: { db: Database; directory: Directory }) {
    this.#db = db;
    this.#directory = directory;
  }

  /** Changes some, and tells all as they are then; undefined for a feeder that was removed meanwhile. */
  run(feederId: string, changes: StoredThresholds): Promise<Thresholds | undefined> {
    return this.#turns.run(feederId, async () => {
      const defaults: StoredThresholds = DEFAULT_THRESHOLDS;
      const defaultAgain = Object.keys(changes).filter((name) => changes[name] === defaults[name]);
      const stored = await updateAlarmThresholds(this.#db, feederId, changes, defaultAgain);
      if (stored === undefined) return undefined;
      this.#directory.setAlarmThresholds(feederId, stored);
      return thresholdsOf(stored);
    });
  }
}
