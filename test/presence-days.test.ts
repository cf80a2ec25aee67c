import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presenceDays } from '../src/history/presence-days.ts';
import { siteDays } from '../src/history/site-days.ts';

const HOUR_MS = 3_600_000;
const at = (instant: string): number => Date.parse(instant);

type Change = Parameters<typeof presenceDays>[1] extends AsyncIterable<infer T> ? T : never;
async function* newestFirst(changes: readonly Change[]): AsyncGenerator<Change, void> {
  for (const change of changes.toReversed()) yield await Promise.resolve(change);
}
const online = (instant: string): Change => ({ atMs: at(instant), state: 'online', reason: 'connected', unwatchedSinceMs: null });
const offline = (instant: string): Change => ({ atMs: at(instant), state: 'offline', reason: 'lease-expired', unwatchedSinceMs: null });

test('days of 23 and 25 hours, in Oslo, are shared out as long as they are', async () => {
  for (const [from, hours] of [['2026-03-28T23:00:00Z', 23], ['2026-10-24T22:00:00Z', 25]] as const) {
    const days = siteDays(at(from), at(from) + 1, 'Europe/Oslo');
    const halfWay = new Date(at(from) + (hours / 2) * HOUR_MS).toISOString();
    const [day] = await presenceDays(days, newestFirst([online('2026-01-01T00:00:00Z'), offline(halfWay)]), at('2027-01-01T00:00:00Z'));
    expect(day).toMatchObject({ knownMs: hours * HOUR_MS, onlineMs: (hours / 2) * HOUR_MS });
    expect(day?.changes).toEqual([offline(halfWay)]);
  }
});

test('days before anything is known are left out, the first counts from what is known, today up to now', async () => {
  const days = siteDays(at('2026-01-28T00:00:00Z'), at('2026-02-01T00:00:00Z'), 'UTC').reverse();
  const changes = [online('2026-01-30T18:00:00Z'), offline('2026-01-30T21:00:00Z'), online('2026-01-31T06:00:00Z')];
  const found = await presenceDays(days, newestFirst(changes), at('2026-01-31T08:00:00Z'));
  expect(found).toEqual([
    { date: '2026-01-31', onlineMs: 2 * HOUR_MS, knownMs: 8 * HOUR_MS, changes: [changes[2]] },
    { date: '2026-01-30', onlineMs: 3 * HOUR_MS, knownMs: 6 * HOUR_MS, changes: [changes[1], changes[0]] },
  ]);
  expect(await presenceDays(days, newestFirst([]), at('2026-01-31T08:00:00Z'))).toEqual([]);
  expect(await presenceDays([], newestFirst(changes), at('2026-01-31T08:00:00Z'))).toEqual([]);
});

test('while no bridge was there nobody knows', async () => {
  const days = siteDays(at('2026-01-26T00:00:00Z'), at('2026-02-01T00:00:00Z'), 'UTC').reverse();
  const found = (instant: string, since: string): Change => ({ ...offline(instant), unwatchedSinceMs: at(since) });
  const changes = [
    online('2026-01-26T12:00:00Z'),
    found('2026-01-27T12:00:00Z', '2026-01-26T18:00:00Z'),
    online('2026-01-27T18:00:00Z'),
    // Seen last before it came: it was killed before that could be stored.
    found('2026-01-30T12:00:00Z', '2026-01-27T17:00:00Z'),
  ];
  const known = (await presenceDays(days, newestFirst(changes), at('2026-01-31T00:00:00Z'))).map(({ date, onlineMs, knownMs }) => [date, onlineMs / HOUR_MS, knownMs / HOUR_MS]);
  expect(known).toEqual([
    ['2026-01-30', 0, 12],
    ['2026-01-27', 0, 6],
    ['2026-01-26', 6, 6],
  ]);
});

test('the days together are known from the first change to now, and online while it was', async () => {
  const start = at('2026-03-20T00:00:00Z');
  const times = fc.array(fc.integer({ min: 0, max: 20 * 24 * 60 }), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(times, async (minutes) => {
      const changes = minutes.sort((a, b) => a - b).map((minute, index): Change => {
        const atMs = start + minute * 60_000;
        return index % 2 === 0 ? { atMs, state: 'online', reason: 'connected', unwatchedSinceMs: null } : { atMs, state: 'offline', reason: 'shutdown', unwatchedSinceMs: null };
      });
      const nowMs = start + 21 * 24 * HOUR_MS;
      const days = siteDays(start - 24 * HOUR_MS, nowMs, 'Europe/Oslo').reverse();
      const found = await presenceDays(days, newestFirst(changes), nowMs);
      const onlineMs = changes.reduce((sum, { atMs, state }, index) => sum + (state === 'online' ? (changes[index + 1]?.atMs ?? nowMs) - atMs : 0), 0);
      expect(found.reduce((sum, day) => sum + day.knownMs, 0)).toBe(nowMs - (changes[0]?.atMs ?? nowMs));
      expect(found.reduce((sum, day) => sum + day.onlineMs, 0)).toBe(onlineMs);
      expect(found.flatMap((day) => day.changes)).toEqual(changes.toReversed());
    }),
    { numRuns: 200 },
  );
});
