import { Values } from '../../topics/parameters.ts';
import type { Profile } from '../../topics/payloads.ts';
import { Problem } from '../errors.ts';
import type { Order } from '../store/commands.ts';
import { parseChanges, parseGrams } from './validation.ts';

/** What a caller wants of a feeder; the values may still be anything. */
export type Wanted =
  | { kind: 'patch'; body: unknown }
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'feed-now'; grams: unknown }
  | { kind: 'clear-alarms' }
  | { kind: 'unknown'; name: string };

/**
 * What is wanted, as an order that the feeder takes; before its profile is known its agent decides.
 * @throws Problem 422 where it takes no such order.
 */
export function orderOf(wanted: Wanted, profile: Profile | null): Order {
  switch (wanted.kind) {
    case 'patch':
      return { kind: 'set-config', changes: parseChanges(wanted.body, profile) };
    case 'pause':
    case 'resume': {
      const takesPause = profile?.parameters.some(({ name }) => name === 'feedingEnabled') ?? true;
      if (!takesPause) throw new Problem('unsupported-command', 'This feeder has no feedingEnabled, so it cannot be paused.');
      return { kind: 'set-config', changes: { feedingEnabled: wanted.kind === 'resume' } };
    }
    case 'feed-now':
      expectKind(wanted.kind, profile);
      return { kind: 'feed-now', grams: parseGrams(wanted.grams) };
    case 'clear-alarms':
      expectKind(wanted.kind, profile);
      return { kind: 'clear-alarms' };
    case 'unknown':
      throw new Problem('unsupported-command', `"${wanted.name}" is not a command here; try pause, resume, feed-now or clear-alarms.`);
  }
}

function expectKind(kind: Order['kind'], profile: Profile | null): void {
  if (profile?.kinds.includes(kind) ?? true) return;
  throw new Problem('unsupported-command', `This feeder has no ${kind}; its profile names what it takes.`);
}

/** What a refused request asked for, where it can be told; what makes no sense is answered but not kept. */
export function plausibleOrder(wanted: Wanted): Order | undefined {
  switch (wanted.kind) {
    case 'patch': {
      const changes = Values.safeParse(wanted.body);
      return changes.success ? { kind: 'set-config', changes: changes.data } : undefined;
    }
    case 'pause':
    case 'resume':
      return { kind: 'set-config', changes: { feedingEnabled: wanted.kind === 'resume' } };
    case 'feed-now':
      return typeof wanted.grams === 'number' && Number.isFinite(wanted.grams) ? { kind: 'feed-now', grams: wanted.grams } : undefined;
    case 'clear-alarms':
      return { kind: 'clear-alarms' };
    case 'unknown':
      return undefined;
  }
}
