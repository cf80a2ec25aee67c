import type { Command, Value } from '../api/shapes.ts';
import type { Attempt } from './attempt.ts';
import { isSameOrder, orderOf, settingsOf, type Order } from './order.ts';

/** A change of a feeder whose outcome is not known yet, from here or from elsewhere. */
export type Pending = {
  readonly id: string;
  readonly order: Order;
  /** Who asked, where it was somebody else or another page. */
  readonly by: string | undefined;
  readonly sinceMs: number;
  readonly standing: 'sending' | 'unsure' | 'pending' | 'overdue';
};

/** All that is under way for a feeder, oldest first: attempts from here, and commands that none of them is known to be. */
export function pendingOf(attempts: readonly Attempt[], commands: readonly Command[], me: string): readonly Pending[] {
  const open = attempts.filter(({ progress }) => progress.kind !== 'ended');
  const own = open.map(asPending);
  const others = commands.filter((command) => !open.some((attempt) => isOf(attempt, command, me)));
  return [...others.map(fromElsewhere), ...own].sort((a, b) => a.sinceMs - b.sinceMs);
}

function asPending({ key, order, askedAtMs, progress }: Attempt): Pending {
  const standing = progress.kind === 'sending' || progress.kind === 'unsure' ? progress.kind : progress.kind === 'pending' && progress.isOverdue ? 'overdue' : 'pending';
  return { id: key, order, by: undefined, sinceMs: askedAtMs, standing };
}

const fromElsewhere = (command: Command): Pending => ({
  id: command.commandId,
  order: orderOf(command),
  by: command.issuedBy,
  sinceMs: Date.parse(command.issuedAt),
  standing: command.state === 'unresolved' ? 'overdue' : 'pending',
});

/** Whether a command is what an attempt became. Before the bridge has answered, it is told by what it asks for. */
function isOf({ progress, order }: Attempt, command: Command, me: string): boolean {
  if (progress.kind === 'pending') return progress.commandId === command.commandId;
  return command.issuedBy === me && isSameOrder(order, orderOf(command));
}

/** The change under way that sets a parameter, the newest where there are several. */
export const pendingFor = (pending: readonly Pending[], name: string): { change: Pending; value: Value } | undefined =>
  pending
    .flatMap((change) => {
      const value = settingsOf(change.order)[name];
      return value === undefined ? [] : [{ change, value }];
    })
    .at(-1);

export type FeedingState = 'running' | 'paused' | 'pausing' | 'resuming' | 'unknown';

/** Whether a feeder is feeding, as its PLC said last, and what it was asked for since. */
export function feedingState(held: Value | undefined, pending: readonly Pending[]): FeedingState {
  const asked = pendingFor(pending, 'feedingEnabled')?.value;
  if (asked === false && held !== false) return 'pausing';
  if (asked === true && held !== true) return 'resuming';
  if (typeof held !== 'boolean') return 'unknown';
  return held ? 'running' : 'paused';
}
