import type { Timers } from '../../machine/timers.ts';
import type { BridgeClock } from '../clock.ts';
import { insertAuditEntries, type AuditEntry, type Author } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { WriteBehind } from '../store/write-behind.ts';
import { networkOf } from './network-of.ts';

/** Within this time what is refused again and again is counted. */
const FOLD_MS = 10_000;
/** How many different refusals are told apart in that time: of those who are known, and of all others. */
const TOLD_APART = 50;

/** Something that somebody tried and may not do, or could not. `code` is a problem code. Carries nothing that they wrote. */
export type Refusal = Pick<AuditEntry, 'author' | 'action' | 'site' | 'feederId' | 'target'> & { code: string };

export type AuditDeps = {
  db: Database;
  clock: Pick<BridgeClock, 'now'>;
  timers: Timers;
  onDropped: (count: number, why: unknown) => void;
};

/**
 * The refused attempts, for the audit: stored a little later, in bounded memory and a bounded number of rows, however many
 * there are. The first of its kind is stored at once; those that follow within 10 s are one entry that says how many.
 */
export class Audit {
  readonly #deps: AuditDeps;
  readonly #entries: WriteBehind<AuditEntry>;
  /** What was refused lately, and how often it was since it was stored. */
  #lately = new Map<string, { refusal: Refusal; again: number; atMs: number }>();
  readonly #toldApart = { known: 0, nobody: 0 };
  #callOff: (() => void) | undefined;

  constructor(deps: AuditDeps) {
    this.#deps = deps;
    this.#entries = new WriteBehind({
      capacity: 10_000,
      write: (batch) => insertAuditEntries(deps.db, batch),
      onDropped: deps.onDropped,
    });
  }

  /** Takes note of a refused attempt. */
  refused(refusal: Refusal): void {
    const { clock, timers } = this.#deps;
    const atMs = clock.now();
    this.#callOff ??= timers.after(FOLD_MS, () => this.#tellCounts());
    const key = kindOf(refusal);
    const known = this.#lately.get(key);
    if (known !== undefined) {
      known.again += 1;
      known.atMs = atMs;
      return;
    }
    const who = refusal.author.kind === 'nobody' ? 'nobody' : 'known';
    if (this.#toldApart[who] < TOLD_APART) {
      this.#toldApart[who] += 1;
      this.#lately.set(key, { refusal, again: 0, atMs });
      this.#entries.add(entryOf(refusal, atMs, 1));
      return;
    }
    const others = this.#lately.get(who) ?? { refusal: OTHERS[who], again: 0, atMs };
    this.#lately.set(who, { ...others, again: others.again + 1, atMs });
  }

  /** Stores what waits, and takes nothing more. */
  async stop(): Promise<void> {
    this.#callOff?.();
    this.#tellCounts();
    await this.#entries.stop();
  }

  #tellCounts(): void {
    this.#callOff = undefined;
    for (const { refusal, again, atMs } of this.#lately.values()) if (again > 0) this.#entries.add(entryOf(refusal, atMs, again));
    this.#lately = new Map();
    this.#toldApart.known = 0;
    this.#toldApart.nobody = 0;
  }
}

const NOBODY: Author = { kind: 'nobody', id: null, name: null, address: null, requestId: null };

/** For those beyond what is told apart. */
const OTHERS = {
  known: { author: { ...NOBODY, name: 'several callers' }, action: 'several', code: 'several' },
  nobody: { author: NOBODY, action: 'several', code: 'several' },
} satisfies Record<string, Refusal>;

const kindOf = ({ author, action, code, feederId }: Refusal): string =>
  JSON.stringify([author.kind, author.id, networkOf(author.address ?? undefined), action, feederId, code]);

const entryOf = ({ code, ...refusal }: Refusal, atMs: number, times: number): AuditEntry => ({
  ...refusal,
  atMs,
  result: { kind: 'refused', code, times },
});
