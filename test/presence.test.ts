import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presenceAfter, type Presence, type PresenceEvent } from '../src/liveness/presence.ts';

const event = fc.record({ epoch: fc.integer({ min: 1, max: 4 }), online: fc.boolean(), atMs: fc.nat() }).map(
  ({ epoch, online, atMs }): PresenceEvent => ({
    feederId: 'pond-1',
    sessionId: `session-${epoch}`,
    epoch,
    atMs,
    ...(online ? { state: 'online', reason: 'connected' } : { state: 'offline', reason: 'connection-lost' }),
  }),
);

test('an event of an older session never changes what a newer one told', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      let presence: Presence | undefined;
      for (const next of events) {
        const after = presenceAfter(presence, next);
        if (after === undefined) continue;
        expect(after.epoch).toBeGreaterThanOrEqual(presence?.epoch ?? 0);
        expect(after).not.toEqual(presence);
        presence = after;
      }
    }),
    { numRuns: 2000 },
  );
});

test('a change is told once: the same event again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), event, (events, last) => {
      const before = events.reduce<Presence | undefined>((presence, next) => presenceAfter(presence, next) ?? presence, undefined);
      const after = presenceAfter(before, last) ?? before;
      expect(presenceAfter(after, last)).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});

test('an unknown feeder that goes offline is no news', () => {
  const offline = { feederId: 'p', sessionId: 's', epoch: 1, atMs: 1, state: 'offline', reason: 'shutdown' } as const;
  expect(presenceAfter(undefined, offline)).toBeUndefined();
});
