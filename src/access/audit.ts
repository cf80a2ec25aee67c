import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import { insertAuditEntries, type AuditEntry, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { WriteBehind } from '../store/write-behind.ts';
import { networkOf } from './network-of.ts';

/** Something that somebody tried and may not do, or could not. `code` is a problem code. Carries nothing that they wrote. */
export type Refusal = Pick<AuditEntry, 'author' | 'action' | 'sites' | 'feederId' | 'target'> & { code: string };

export type AuditDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  onDropped: (count: number, why: unknown) => void;
};

type Limits = {
  /** For how long what is refused again and again is counted, and then told. */
  foldMs: number;
  authors: number;
  /** Kinds of each author; what else it tries is counted together. */
  kinds: number;
  /** Who tried what those beyond so many authors did. */
  others: string | null;
};

/** Callers, feeders and site logins: they are few, and none hides what another does. */
const KNOWN: Limits = { foldMs: 10_000, authors: 300, kinds: 10, others: 'several callers' };
/** Everybody else is taken for one: they have no end, and shall not fill what is never shortened. */
const NOBODY: Limits = { foldMs: 600_000, authors: 1, kinds: 20, others: null };

/** The refused attempts, for the audit: stored a little later, in bounded memory and a bounded number of rows, however many there are. */
export class Audit {
  readonly #entries: WriteBehind<AuditEntry>;
  readonly #known: Folded;
  readonly #nobody: Folded;

  constructor({ db, clock, timers, onDropped }: AuditDeps) {
    const entries = new WriteBehind<AuditEntry>({ capacity: 10_000, write: (batch) => insertAuditEntries(db, batch), onDropped });
    const deps = { clock, timers, tell: (entry: AuditEntry) => entries.add(entry) };
    this.#entries = entries;
    this.#known = new Folded(KNOWN, deps);
    this.#nobody = new Folded(NOBODY, deps);
  }

  /** Takes note of a refused attempt. */
  refused(refusal: Refusal): void {
    if (refusal.author.kind === 'nobody') this.#nobody.add(refusal);
    else this.#known.add(refusal);
  }

  /** Stores what waits, and takes nothing more. */
  async stop(): Promise<void> {
    this.#known.stop();
    this.#nobody.stop();
    await this.#entries.stop();
  }
}

type FoldedDeps = Pick<AuditDeps, 'clock' | 'timers'> & { tell: (entry: AuditEntry) => void };

/** Tells the first refusal of its kind at once, and of those that follow how many they were, in one entry. */
class Folded {
  readonly #limits: Limits;
  readonly #deps: FoldedDeps;
  /** How many kinds of each author are told apart. */
  readonly #kinds = new Map<string, number>();
  /** What was refused lately, and how often it was since it was told. */
  readonly #lately = new Map<string, { refusal: Refusal; again: number; atMs: number }>();
  #callOff: (() => void) | undefined;

  constructor(limits: Limits, deps: FoldedDeps) {
    this.#limits = limits;
    this.#deps = deps;
  }

  add(refusal: Refusal): void {
    const { clock, timers, tell } = this.#deps;
    const atMs = clock.now();
    this.#callOff ??= timers.after(this.#limits.foldMs, () => this.#tellCounts());
    const counted = this.#countedAs(refusal);
    const known = this.#lately.get(kindOf(counted));
    if (known !== undefined) {
      known.again += 1;
      known.atMs = atMs;
    } else if (counted === refusal) {
      this.#lately.set(kindOf(refusal), { refusal, again: 0, atMs });
      tell(entryOf(refusal, atMs, 1));
    } else {
      this.#lately.set(kindOf(counted), { refusal: counted, again: 1, atMs });
    }
  }

  stop(): void {
    this.#callOff?.();
    this.#tellCounts();
  }

  #tellCounts(): void {
    this.#callOff = undefined;
    for (const { refusal, again, atMs } of this.#lately.values()) if (again > 0) this.#deps.tell(entryOf(refusal, atMs, again));
    this.#lately.clear();
    this.#kinds.clear();
  }

  /** The refusal itself where it is told apart, else the one that it is counted with: those who may see it see that one. */
  #countedAs(refusal: Refusal): Refusal {
    if (this.#lately.has(kindOf(refusal))) return refusal;
    const { author, sites } = refusal;
    const whose = JSON.stringify([author.kind, author.id]);
    const kinds = this.#kinds.get(whose) ?? 0;
    const from = { address: null, requestId: null };
    if (kinds === 0 && this.#kinds.size >= this.#limits.authors) return several({ kind: 'nobody', id: null, name: this.#limits.others, ...from }, sites);
    if (kinds >= this.#limits.kinds) return several({ ...author, ...from }, sites);
    this.#kinds.set(whose, kinds + 1);
    return refusal;
  }
}

const several = (author: Author, sites: Refusal['sites']): Refusal => ({ author, action: 'several', sites: sites ?? null, code: 'several' });

const kindOf = ({ author, action, code, feederId, sites }: Refusal): string =>
  JSON.stringify([author.kind, author.id, networkOf(author.address ?? undefined), action, feederId, code, sites]);

const entryOf = ({ code, ...refusal }: Refusal, atMs: number, times: number): AuditEntry => ({
  ...refusal,
  atMs,
  result: { kind: 'refused', code, times },
});
