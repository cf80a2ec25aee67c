import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../console/api/shapes.ts';
import type { Attempt } from '../../console/change/attempt.ts';
import { isSameOrder, orderOf } from '../../console/change/order.ts';
import { feedingState, pendingFor, pendingOf } from '../../console/change/pending.ts';
import { NOTHING_UNDER_WAY, underWayAfter, underWayRead } from '../../console/change/under-way.ts';

const AT_MS = Date.parse('2026-01-31T08:00:00.000Z');

const command = (commandId: string, state: Command['state'], more: Partial<Command> = {}): Command => ({
  commandId, feederId: 'pond-1', kind: 'set-config', state, changes: { mealGrams: 120 }, version: 8, readBack: null, previous: null, reason: null, issuedBy: 'ops',
  issuedAt: new Date(AT_MS).toISOString(), expiresAt: new Date(AT_MS + 10_000).toISOString(), ackedAt: null, latencyMs: null, transitions: [], ...more,
});

const ids = ({ commands }: { commands: readonly Command[] }): string[] => commands.map(({ commandId }) => commandId);

describe('what is under way for a feeder', () => {
  it('holds no command that has ended, in whatever order its states are told', () => {
    const states = fc.shuffledSubarray<Command['state']>(['sent', 'unresolved', 'applied', 'sent'], { minLength: 1 });
    fc.assert(
      fc.property(states, (told) => {
        const last = told.reduce((known, state) => underWayAfter(known, command('a', state)), NOTHING_UNDER_WAY);
        expect(ids(last)).toEqual(told.includes('applied') ? [] : ['a']);
      }),
    );
  });

  it('is corrected by what is read, except where the stream told something newer', () => {
    const known = ['old', 'ended', 'new'].reduce(
      (under, id) => underWayAfter(under, command(id, 'sent', { issuedAt: new Date(AT_MS + (id === 'new' ? 60_000 : 0)).toISOString() })),
      NOTHING_UNDER_WAY,
    );
    const after = underWayAfter(known, command('ended', 'applied'));
    // The answer was made before "ended" had ended and before "new" was issued, and no more of "old" is known.
    expect(ids(underWayRead(after, [command('ended', 'sent'), command('other', 'unresolved')], AT_MS + 60_000))).toEqual(['other', 'new']);
  });
});

describe('a pending change', () => {
  const attempt = (progress: Attempt['progress'], order: Attempt['order'] = { kind: 'set-config', changes: { mealGrams: 120 } }): Attempt => ({
    feederId: 'pond-1', order, key: 'k', seen: undefined, askedAtMs: AT_MS, progress,
  });

  it('is told once, though the bridge tells of its command too', () => {
    const own = command('a', 'sent');
    for (const progress of [{ kind: 'sending' }, { kind: 'pending', commandId: 'a', isOverdue: false }] as const) {
      expect(pendingOf([attempt(progress)], [own], 'ops').map(({ id }) => id)).toEqual(['k']);
    }
    const others = pendingOf([attempt({ kind: 'sending' })], [command('b', 'sent', { issuedBy: 'somebody' })], 'ops');
    expect(others.map(({ by }) => by)).toEqual(['somebody', undefined]);
  });

  it('marks the settings that it asks for, and never a feeder as paused before its PLC holds that', () => {
    const pausing = pendingOf([attempt({ kind: 'unsure', asks: 1 }, { kind: 'pause' })], [], 'ops');
    expect(pendingFor(pausing, 'feedingEnabled')?.value).toBe(false);
    expect(pendingFor(pausing, 'mealGrams')).toBeUndefined();
    expect(feedingState(true, pausing)).toBe('pausing');
    expect(feedingState(false, pausing)).toBe('paused');
    expect(feedingState(true, [])).toBe('running');
    expect(feedingState(undefined, [])).toBe('unknown');
  });
});

describe('an order', () => {
  it('is known again in its command', () => {
    expect(orderOf({ kind: 'set-config', changes: { feedingEnabled: false } })).toEqual({ kind: 'pause' });
    expect(orderOf({ kind: 'set-config', changes: { feedingEnabled: true, mealGrams: 1 } }).kind).toBe('set-config');
    expect(isSameOrder({ kind: 'feed-now', grams: 50 }, { kind: 'feed-now', grams: 51 })).toBe(false);
    expect(isSameOrder({ kind: 'set-config', changes: { a: 1, b: true } }, { kind: 'set-config', changes: { b: true, a: 1 } })).toBe(true);
    expect(isSameOrder({ kind: 'set-config', changes: { a: 1 } }, { kind: 'set-config', changes: { a: 1, b: 2 } })).toBe(false);
  });
});
