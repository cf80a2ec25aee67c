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
  allDosesKnown: z.boolean(),
  /** Absent until the horizon is first known. */
  dosesForgottenUntilMs: z.number().optional(),
});
export type Meta = z.infer<typeof Meta>;

/**
 * `meta` when the bridge's time is `nowMs`, in a process that began at `beganMs` on it: a new journal has its horizon now,
 * and whatever lies ahead is lowered to now, as the bridge's clock may have been put right.
 */
export function broughtToPast(meta: Meta, nowMs: number, beganMs: number): Meta {
  const notAhead = (atMs: number): number => Math.min(atMs, nowMs);
  const { horizonMs = beganMs, pausedAtMs, dosesForgottenUntilMs = horizonMs } = meta;
  return {
    ...meta,
    horizonMs: notAhead(horizonMs),
    pausedAtMs: pausedAtMs === undefined ? undefined : notAhead(pausedAtMs),
    dosesForgottenUntilMs: notAhead(dosesForgottenUntilMs),
  };
}

/** `meta` when commands issued until then are forgotten: its horizon, if it has one, is raised to that. */
export const withForgotten = (meta: Meta, forgottenUntilMs: number): Meta => ({
  ...meta,
  horizonMs: meta.horizonMs === undefined ? undefined : Math.max(meta.horizonMs, forgottenUntilMs),
});
