import { isDeepStrictEqual } from 'node:util';
import type { ConfigReport, Profile } from '../../topics/payloads.ts';
import type { Database } from '../store/database.ts';
import { StoreUnavailable } from '../store/store-errors.ts';
import { mergeReport, raiseVersionCounter, updateJournal, updateProfile, type ReportedConfig } from '../store/feeders.ts';
import type { Directory } from './directory.ts';

/** How long a report waits before it is tried again while the database is away. */
const RETRY_MS = 1_000;
/** A version that no bridge ever came to: whoever claims it must not use up the numbers. */
const HIGHEST_BELIEVED_VERSION = 1_000_000_000;

export type ReportsDeps = {
  db: Database;
  directory: Directory;
  /** The feeder's config as it stands after a report of it was stored. */
  onConfig: (feederId: string, config: ReportedConfig) => void;
  onProblem: (error: unknown) => void;
};

/**
 * What agents report of their feeders, stored. A report is told once, so it is kept and tried again until it is stored;
 * of each kind only the latest of a feeder matters, so what waits is bounded by the number of feeders.
 */
export class Reports {
  readonly #deps: ReportsDeps;
  /** What to store next, by feeder and kind. A newer report replaces one that waits. */
  readonly #waiting = new Map<string, () => Promise<void>>();
  readonly #storing = new Map<string, Promise<void>>();
  /** Ends each pause before another try. */
  readonly #pauses = new Set<() => void>();
  #isStopping = false;
  /** The highest version heard from each feeder. */
  readonly #heardVersion = new Map<string, number>();

  constructor(deps: ReportsDeps) {
    this.#deps = deps;
  }

  /** A feeder says what it is. */
  profile(feederId: string, profile: Profile): void {
    this.#store(`profile ${feederId}`, async () => {
      await updateProfile(this.#deps.db, feederId, profile);
      this.#deps.directory.setProfile(feederId, profile);
    });
  }

  /**
   * A feeder says what its PLC held at `readAtMs`, on the bridge's clock. What it says after a command, with the command's
   * read-back in it, is stored only where that is news: the read-back is stored with the outcome.
   */
  config(feederId: string, { values, source, configVersion }: ConfigReport, readAtMs: number): void {
    const agentVersion = configVersion > HIGHEST_BELIEVED_VERSION ? 0 : configVersion;
    this.#heardVersion.set(feederId, Math.max(agentVersion, this.heardVersion(feederId)));
    const key = `config ${feederId}`;
    const stored = this.#deps.directory.find(feederId)?.config;
    const isKnown = stored && stored.agentVersion >= agentVersion && isDeepStrictEqual(stored.values, values);
    // A report that still waits or is being stored would come after it, and stand.
    if (source === 'command' && isKnown && !this.#storing.has(key)) return;
    this.#store(key, async () => {
      const config = await mergeReport(this.#deps.db, feederId, { values, readAtMs, source, agentVersion });
      if (config) this.#deps.onConfig(feederId, config);
    });
  }

  /** A feeder's agent says which journal it keeps; commands carry its id, so that another one knows itself a stranger. */
  journal(feederId: string, journalId: string): void {
    // Told at once: a command that goes out before this is stored is the agent's own all the same.
    this.#deps.directory.setJournal(feederId, journalId);
    this.#store(`journal ${feederId}`, () => updateJournal(this.#deps.db, feederId, journalId));
  }

  /** A feeder's agent says the highest command version it ever applied; no version at or below it is given again. */
  version(feederId: string, version: number): void {
    if (version <= this.heardVersion(feederId) || version > HIGHEST_BELIEVED_VERSION) return;
    this.#heardVersion.set(feederId, version);
    this.#store(`version ${feederId}`, () => raiseVersionCounter(this.#deps.db, feederId, version));
  }

  /** The highest version heard from a feeder's agent, stored or not yet; 0 where none was. */
  heardVersion(feederId: string): number {
    return this.#heardVersion.get(feederId) ?? 0;
  }

  /** Takes nothing more, and resolves when what is being stored is stored, or cannot be; agents tell it all again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#waiting.clear();
    for (const wake of this.#pauses) wake();
    await Promise.all(this.#storing.values());
  }

  #store(key: string, work: () => Promise<void>): void {
    if (this.#isStopping) return;
    this.#waiting.set(key, work);
    if (!this.#storing.has(key)) this.#storing.set(key, this.#drain(key));
  }

  async #drain(key: string): Promise<void> {
    for (let work = this.#waiting.get(key); work !== undefined; work = this.#waiting.get(key)) {
      this.#waiting.delete(key);
      try {
        await work();
      } catch (error) {
        this.#deps.onProblem(error);
        if (!(error instanceof StoreUnavailable) || this.#isStopping) continue;
        // A newer report that came meanwhile says all that this one did.
        if (!this.#waiting.has(key)) this.#waiting.set(key, work);
        await this.#pause();
      }
    }
    this.#storing.delete(key);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, RETRY_MS);
      this.#pauses.add(wake);
    });
  }
}
