import { z } from 'zod';
import { Version } from '../../topics/commands.ts';
import { OpaqueId } from '../../topics/identifiers.ts';

/** What a journal holds beside its entries. Times are milliseconds since 1970 on the bridge's clock. */
export const Meta = z.object({
  journalId: OpaqueId,
  /** The disk's id when this journal got its own. */
  diskId: OpaqueId,
  appliedVersion: Version,
  horizonMs: z.number().optional(),
  pausedAtMs: z.number().optional(),
  lastDoseToken: z.int().min(0).max(0xffff).optional(),
  /** The last token that the PLC was seen to have taken before a dose, where that was another than `lastDoseToken`. */
  lastTokenSeen: z.int().min(0).max(0xffff).optional(),
  allDosesKnown: z.boolean(),
  /** Absent until the horizon is first known. */
  dosesForgottenUntilMs: z.number().optional(),
});
export type Meta = z.infer<typeof Meta>;

/** What the bridge's time is now, as surely as an agent can know it. */
export type BridgeNow = { earliestMs: number; latestMs: number };

/**
 * `atMs` where it is no later than now; else now, as the bridge's clock was put right. The earliest that now can be:
 * commands issued from now on must not seem to come before it.
 */
export const notAhead = (atMs: number, { earliestMs, latestMs }: BridgeNow): number => (atMs > latestMs ? earliestMs : atMs);

/** `meta` when the bridge's time is `now`, in a process that began at `beganMs` on it: a new journal has its horizon then. */
export function broughtToPast(meta: Meta, now: BridgeNow, beganMs: number): Meta {
  const { horizonMs = beganMs, pausedAtMs, dosesForgottenUntilMs = horizonMs } = meta;
  return {
    ...meta,
    horizonMs: notAhead(horizonMs, now),
    pausedAtMs: pausedAtMs === undefined ? undefined : notAhead(pausedAtMs, now),
    dosesForgottenUntilMs: notAhead(dosesForgottenUntilMs, now),
  };
}

/**
 * `meta` when the PLC shows `lastToken` before a dose, at `nowMs`. Neither the token of the last dose nor what was there
 * before it, it is a dose of which nothing is known here: another master's, or one that this disk has lost. What was issued
 * before this process began, at `beganMs`, may then be forgotten. Except 0, of a PLC that never took one.
 */
export function withLastToken(meta: Meta, lastToken: number, nowMs: number, beganMs = nowMs): Meta {
  const { lastDoseToken, lastTokenSeen } = meta;
  if (lastToken === lastDoseToken || lastToken === lastTokenSeen) return meta;
  // Of a journal that is new or repaired, so that its horizon says already what it may have forgotten.
  const isFirst = lastTokenSeen === undefined;
  const seen: Meta = { ...meta, lastTokenSeen: lastToken };
  if (isFirst || lastToken === 0) return seen;
  return withForgotten({ ...seen, allDosesKnown: false, dosesForgottenUntilMs: nowMs }, beganMs);
}

/** `meta` when commands issued until then are forgotten: its horizon, if it has one, is raised to that. */
export const withForgotten = (meta: Meta, forgottenUntilMs: number): Meta => ({
  ...meta,
  horizonMs: meta.horizonMs === undefined ? undefined : Math.max(meta.horizonMs, forgottenUntilMs),
});
