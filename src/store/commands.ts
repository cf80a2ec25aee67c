import type { Outcome, Reason } from '../../topics/commands.ts';
import type { Values } from '../../topics/parameters.ts';
import type { Author } from './audit.ts';
import type { ReportedConfig } from './feeders.ts';

/** What a command asks for. */
export type Order =
  | { kind: 'set-config'; changes: Values }
  | { kind: 'feed-now'; grams: number }
  | { kind: 'clear-alarms' };

/** How a command ended and what the agent read; times in milliseconds since 1970, on the bridge's clock. */
export type Ending = {
  state: Outcome | 'refused';
  endedAtMs: number;
  readAtMs: number | null;
  readBack: Values | null;
  previous: Values | null;
  reason: Reason | null;
};

/** A command as it is stored. */
export type StoredCommand = {
  commandId: string;
  feederId: string;
  order: Order;
  /** Null for what is not a config change, or was refused before a version was taken. */
  version: number | null;
  /** All values the caller's If-Match stood for; null for what is not a config change. */
  expected: Values | null;
  journalId: string | null;
  issuedBy: string;
  issuedAtMs: number;
  /** Null for a refused change, which was never sent. */
  expiresAtMs: number | null;
  /** The caller's trace (W3C Trace Context); it goes with the command on every sending. */
  traceparent: string | null;
  /** Null until the outcome is known. */
  ending: Ending | null;
};

/** One use of an Idempotency-Key. */
export type IdempotencyUse = { apiKey: string; method: string; path: string; key: string; bodySha256: Buffer };

/** Who asks for a command: someone who has a name, which `issuedBy` shows. */
export type Issuer = Author & { name: string };

/** A command about to be stored and sent. */
export type NewCommand = {
  commandId: string;
  feederId: string;
  order: Order;
  journalId: string | null;
  author: Issuer;
  /** By which operation of the API it was asked for. */
  action: string;
  issuedAtMs: number;
  expiresAtMs: number;
  traceparent: string | null;
  /** The highest version that the feeder's agent told of; a config change gets a higher one. */
  heardVersion: number;
  /** The versions the caller accepts, `any` for whichever is current; undefined without If-Match. */
  ifMatch: readonly number[] | 'any' | undefined;
  idempotency: IdempotencyUse | undefined;
};

/**
 * How storing a command went. Only where it is `stored` was anything changed; else the feeder is `gone`, If-Match failed,
 * an earlier feed-now is `pending`, or the Idempotency-Key was used at the same moment.
 */
export type Insertion =
  | { kind: 'stored'; command: StoredCommand }
  | { kind: 'gone' }
  | { kind: 'version-mismatch' }
  | { kind: 'pending'; commandId: string }
  | { kind: 'key-used' };

/** How storing an ending went: `first` where it is now the outcome, `later` where another one stood already. */
export type Settled = { kind: 'first'; config: ReportedConfig | null } | { kind: 'later' };

/**
 * Commands and their outcomes, kept. Everything rejects with `StoreUnavailable` while it cannot be asked, and with
 * `StoreSilent` where it is not known whether it was done.
 */
export type CommandStore = {
  /**
   * Stores a command, all or nothing, one after the other for each feeder. A config change takes the feeder's next version,
   * above any that its agent told of; If-Match fails while another one has no outcome, and where it holds the command
   * carries all values at that version. A feed-now is `pending` while an earlier one has no outcome.
   */
  insert(command: NewCommand): Promise<Insertion>;
  /** The command that an Idempotency-Key stands for, and whether it was used with the same body; undefined where it is free. */
  findIdempotent(use: IdempotencyUse, nowMs: number): Promise<{ commandId: string; sameBody: boolean } | undefined>;
  /** One command, whichever feeder's; any text may be asked for. */
  find(commandId: string): Promise<StoredCommand | undefined>;
  /** Every command whose outcome is not known, oldest first; of one feeder, or of all. */
  unsettled(feederId?: string): Promise<StoredCommand[]>;
  /**
   * Stores how a command ended, unless that is known already, and merges what was read back into the feeder's config
   * where no later reading of a value is stored. The first final outcome stands; later ones are counted. An applied version
   * becomes the config's; a read-back that changes values otherwise takes a version of its own.
   */
  settle(command: { commandId: string; feederId: string }, ending: Ending): Promise<Settled>;
  /**
   * Settles a command that was never sent and whose storing has no known end: as the refused one given here, or as `expired`
   * where it turns out to be stored, which frees its Idempotency-Key. Tells what is stored then.
   */
  settleUnsent(refused: StoredCommand): Promise<StoredCommand | undefined>;
  /** The feeder's config as it stands; null where none was reported. */
  configOf(feederId: string): Promise<ReportedConfig | null>;
};
