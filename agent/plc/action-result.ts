import type { Reason } from '../../topics/commands.ts';

/** How a command that changes no parameters ended. */
export type ActionResult = { outcome: 'applied' | 'indeterminate' } | { outcome: 'rejected' | 'expired'; reason: Reason };

export const APPLIED: ActionResult = { outcome: 'applied' };
export const INDETERMINATE: ActionResult = { outcome: 'indeterminate' };

/** It failed, or came too late. */
export const notDone = (outcome: 'rejected' | 'expired', reason: Reason): ActionResult => ({ outcome, reason });
