import type { Profile, State } from '../../topics/payloads.ts';
import type { FeederRow, PreviousToken, ReportedConfig, StoredThresholds } from '../store/feeders.ts';

/** An enrolled feeder as the bridge knows it: what is stored, and the latest live readings. */
export type Feeder = Omit<FeederRow, 'presence'> & { state: State | null };

/**
 * Every enrolled feeder, read once at start and kept in step with the database afterwards: what is stored is committed
 * first and told here second, so that nothing shown is ever ahead of the store.
 */
export class Directory {
  readonly #byId: Map<string, Feeder>;
  /**
   * Removed feeders stay in it: what clears their retained messages must reach who looks on at their site, and their history
   * stays with it.
   */
  readonly #siteById: Map<string, string>;
  /** Ids in order, made when next asked for after a change. */
  #sortedIds: string[] | undefined;

  /** From the enrolled feeders, and the sites of all that ever were. */
  constructor(rows: readonly FeederRow[], sites: readonly Pick<FeederRow, 'feederId' | 'site'>[]) {
    this.#byId = new Map(rows.map((row) => [row.feederId, { ...row, state: null }]));
    this.#siteById = new Map(sites.map(({ feederId, site }) => [feederId, site]));
  }

  /** How many feeders are enrolled. */
  get count(): number {
    return this.#byId.size;
  }

  find(feederId: string): Feeder | undefined {
    return this.#byId.get(feederId);
  }

  /** The site that a feeder belongs to, or belonged to until it was removed. */
  siteOf(feederId: string): string | undefined {
    return this.#siteById.get(feederId);
  }

  /** Up to `limit` of the feeders that `isShown`, by id, after `afterId` where it is given. */
  page(limit: number, afterId: string | undefined, isShown: (feeder: Feeder) => boolean): Feeder[] {
    this.#sortedIds ??= [...this.#byId.keys()].sort();
    const ids = afterId === undefined ? this.#sortedIds : this.#sortedIds.slice(firstAfter(this.#sortedIds, afterId));
    const shown: Feeder[] = [];
    for (const feederId of ids) {
      const feeder = this.#byId.get(feederId);
      if (feeder && isShown(feeder)) shown.push(feeder);
      if (shown.length === limit) break;
    }
    return shown;
  }

  /** Every feeder's id, in no order. */
  ids(): Iterable<string> {
    return this.#byId.keys();
  }

  add(feeder: Feeder): void {
    this.#byId.set(feeder.feederId, feeder);
    this.#siteById.set(feeder.feederId, feeder.site);
    this.#sortedIds = undefined;
  }

  remove(feederId: string): void {
    this.#byId.delete(feederId);
    this.#sortedIds = undefined;
  }

  setToken(feederId: string, tokenSha256: Buffer, previousToken: PreviousToken | null): void {
    this.#update(feederId, { tokenSha256, previousToken });
  }

  setProfile(feederId: string, profile: Profile): void {
    this.#update(feederId, { profile });
  }

  setJournal(feederId: string, journalId: string): void {
    this.#update(feederId, { journalId });
  }

  setAlarmThresholds(feederId: string, alarmThresholds: StoredThresholds): void {
    this.#update(feederId, { alarmThresholds });
  }

  setState(feederId: string, state: State): void {
    this.#update(feederId, { state });
  }

  /** Takes a stored config, unless a newer one was told first: two commits may be told in either order. */
  setConfig(feederId: string, config: ReportedConfig): void {
    const known = this.#byId.get(feederId)?.config;
    const older = known && (config.version < known.version || config.readAtMs < known.readAtMs);
    if (!older) this.#update(feederId, { config });
  }

  #update(feederId: string, change: Partial<Feeder>): void {
    const feeder = this.#byId.get(feederId);
    if (feeder) this.#byId.set(feederId, { ...feeder, ...change });
  }
}

/** The index of the first id after `afterId` in a sorted list. */
function firstAfter(ids: readonly string[], afterId: string): number {
  const index = ids.findIndex((id) => id > afterId);
  return index === -1 ? ids.length : index;
}
