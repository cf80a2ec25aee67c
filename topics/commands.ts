import { z } from 'zod';
import { Instant, OpaqueId } from './identifiers.ts';
import { Values } from './parameters.ts';

export const COMMAND_KINDS = ['set-config', 'feed-now', 'clear-alarms'] as const;
export const CommandKind = z.enum(COMMAND_KINDS);
export type CommandKind = z.infer<typeof CommandKind>;

/**
 * How a command ended; final. `applied`: the PLC holds it. `rejected`: it does not, for a reason. `expired`: never
 * acted on. `superseded`: a newer version was already applied. `indeterminate`: may have acted once, never will again.
 */
export const OUTCOMES = ['applied', 'rejected', 'expired', 'superseded', 'indeterminate'] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

/** Why a command was not applied, as the agent or the bridge's own check says it. */
export const REASON_CODES = [
  'unsupported-parameter',
  'out-of-range',
  'plc-unreachable',
  'plc-exception',
  'read-back-mismatch',
  'daily-limit',
  'minimum-gap',
  'maximum-dose',
  'dose-refused',
  'stale-version',
  'journal-unavailable',
  'superseded',
  'expired',
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** Text for people: however long it comes, it is never a reason to lose the message that carries it. */
const shortText = (maxLength: number) => z.string().overwrite((text) => text.slice(0, maxLength));

/** A reason as it arrives: an agent newer than the bridge may send codes the bridge does not know yet. */
export const Reason = z.object({
  code: shortText(64),
  message: shortText(1000).default(''),
  parameter: shortText(63).optional(),
  exceptionCode: z.int().min(0).max(255).optional().catch(undefined),
});
export type Reason = z.infer<typeof Reason>;

/** Config command versions: allocated by the bridge alone, rising by feeder; what a database's integer holds. */
export const Version = z.int().min(0).max(2_147_483_647);

const header = {
  commandId: OpaqueId,
  /** The agent's journal when the command was first sent; the same on every sending. */
  journalId: OpaqueId.optional(),
  issuedAt: Instant,
  /** On the bridge's clock; nothing may start after it. */
  expiresAt: Instant,
  traceparent: z.string().max(128).optional(),
};

/** Values to be changed; at least one. */
export const Changes = Values.refine((changes) => Object.keys(changes).length > 0, 'expected at least one change');

export const SetConfig = z.object({
  ...header,
  kind: z.literal('set-config'),
  version: Version,
  changes: Changes,
  /** All values as the caller last saw them; a difference on the PLC rejects the command. */
  expected: Values.optional(),
});
export type SetConfig = z.infer<typeof SetConfig>;
export const FeedNow = z.object({ ...header, kind: z.literal('feed-now'), grams: z.number().positive() });
export type FeedNow = z.infer<typeof FeedNow>;
export const ClearAlarms = z.object({ ...header, kind: z.literal('clear-alarms') });
export type ClearAlarms = z.infer<typeof ClearAlarms>;

/** An order to the agent of one feeder. */
export const Command = z.discriminatedUnion('kind', [SetConfig, FeedNow, ClearAlarms]);
export type Command = z.infer<typeof Command>;

/** The agent's answer to a command. */
export const Ack = z.object({
  commandId: OpaqueId,
  outcome: Outcome,
  /** When `readBack` and `previous` were read, on the bridge's clock. */
  at: Instant,
  /** The changed parameters as the PLC holds them now. */
  readBack: Values.optional(),
  /** The changed parameters as the PLC held them before. */
  previous: Values.optional(),
  reason: Reason.optional(),
});
export type Ack = z.infer<typeof Ack>;
