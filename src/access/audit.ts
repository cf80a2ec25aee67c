import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import { insertAuditEntries, type AuditEntry, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { WriteBehind } from '../store/write-behind.ts';
import { networkOf } from './network-of.ts';

/** Something that somebody tried and may not do, or could not. `code` is a problem code. Carries nothing that they wrote. */
export type Refusal = Pick<AuditEntry, 'author' | 'action' | 'site' | 'feederId' | 'target'> & { code: string };

export type AuditDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  onDropped: (count: number, why: unknown) => void;
};

/** Callers, feeders and site logins: they are few. */
const KNOWN = { name: 'several callers', foldMs: 10_000, toldApart: 50 };
/** Everybody else has no end, and shall not fill what is never shortened. */
const NOBODY = { name: null, foldMs: 600_000, toldApart: 20 };

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
  readonly #limits: typeof KNOWN | typeof NOBODY;
  readonly #deps: FoldedDeps;
  /** What was refused lately, and how often it was since it was told. */
  readonly #lately = new Map<string, { refusal: Refusal; again: number; atMs: number }>();
  #callOff: (() => void) | undefined;

  constructor(limits: typeof KNOWN | typeof NOBODY, deps: FoldedDeps) {
    this.#limits = limits;
    this.#deps = deps;
  }

  add(refusal: Refusal): void {
    const { clock, timers, tell } = this.#deps;
    const atMs = clock.now();
    this.#callOff ??= timers.after(this.#limits.foldMs, () => this.#tellCounts());
    const isTold = this.#lately.size < this.#limits.toldApart || this.#lately.has(kindOf(refusal));
    const kind = isTold ? kindOf(refusal) : OTHERS;
    const known = this.#lately.get(kind);
    if (known !== undefined) {
      known.again += 1;
      known.atMs = atMs;
    } else if (isTold) {
      this.#lately.set(kind, { refusal, again: 0, atMs });
      tell(entryOf(refusal, atMs, 1));
    } else {
      const author: Author = { kind: 'nobody', id: null, name: this.#limits.name, address: null, requestId: null };
      this.#lately.set(kind, { refusal: { author, action: 'several', code: 'several' }, again: 1, atMs });
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
  }
}

/** The kind of those beyond what is told apart. */
const OTHERS = 'others';

const kindOf = ({ author, action, code, feederId }: Refusal): string =>
  JSON.stringify([author.kind, author.id, networkOf(author.address ?? undefined), action, feederId, code]);

const entryOf = ({ code, ...refusal }: Refusal, atMs: number, times: number): AuditEntry => ({
  ...refusal,
  atMs,
  result: { kind: 'refused', code, times },
});
