import type { Command, Value, Values } from '../api/shapes.ts';

/** What a feeder is to do. Pause and resume are orders of their own: they overtake what waits. */
export type Order =
  | { kind: 'set-config'; changes: Values }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'feed-now'; grams: number }
  | { kind: 'clear-alarms' };

/** The settings that an order asks for, by name. */
export function settingsOf(order: Order): Values {
  switch (order.kind) {
    case 'set-config':
      return order.changes;
    case 'pause':
      return { feedingEnabled: false };
    case 'resume':
      return { feedingEnabled: true };
    case 'feed-now':
    case 'clear-alarms':
      return {};
  }
}

/** The order that a command carries; one that sets `feedingEnabled` alone is a pause or a resume. */
export function orderOf({ kind, changes = {}, grams = 0 }: Pick<Command, 'kind' | 'changes' | 'grams'>): Order {
  if (kind === 'feed-now') return { kind, grams };
  if (kind === 'clear-alarms') return { kind };
  const { feedingEnabled } = changes;
  if (Object.keys(changes).length === 1 && typeof feedingEnabled === 'boolean') return { kind: feedingEnabled ? 'resume' : 'pause' };
  return { kind, changes };
}

/** Whether two orders ask for the same. */
export function isSameOrder(a: Order, b: Order): boolean {
  if (a.kind === 'feed-now' && b.kind === 'feed-now') return a.grams === b.grams;
  if (a.kind !== b.kind) return false;
  const [left, right] = [settingsOf(a), settingsOf(b)];
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]));
}

const isSame = (a: Value | undefined, b: Value | undefined): boolean => a === b;
