import type { Ack, FeedNow, Outcome, SetConfig } from '../../topics/commands.ts';
import { fromInstant, toInstant } from '../../topics/identifiers.ts';

/** When commands of these tests are issued; milliseconds since 1970. */
export const BEGAN_MS = Date.UTC(2026, 0, 31, 8);

/** A time of the bridge's that is known to the millisecond. */
export const exactly = (nowMs: number) => ({ earliestMs: nowMs, latestMs: nowMs });

type Given = { commandId: string; issuedAtMs?: number };

const header = ({ commandId, issuedAtMs = BEGAN_MS }: Given) => ({
  commandId,
  issuedAt: toInstant(issuedAtMs),
  expiresAt: toInstant(issuedAtMs + 10_000),
});

export const feedNow = (given: Given & { grams?: number }): FeedNow => ({ ...header(given), kind: 'feed-now', grams: given.grams ?? 40 });

export const setConfig = (given: Given & { version: number }): SetConfig => ({
  ...header(given),
  kind: 'set-config',
  version: given.version,
  changes: { mealGrams: 120 },
});

/** An answer given 100 ms after the command was issued. */
export const finishedAck = ({ commandId, issuedAt }: FeedNow | SetConfig, outcome: Outcome): Ack => ({
  commandId,
  outcome,
  at: toInstant(fromInstant(issuedAt) + 100),
});
