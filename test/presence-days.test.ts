import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_CHANGES_SHOWN, presenceDays } from '../src/history/presence-days.ts';
import { presenceSpans, type PresenceSpan } from '../src/history/presence-spans.ts';
import { siteDays } from '../src/history/site-days.ts';

const HOUR_MS = 3_600_000;
const at = (instant: string): number => Date.parse(instant);

type Change = Parameters<typeof presenceDays>[1] extends AsyncIterable<infer T> ? T : never;
async function* newestFirst(changes: readonly Change[]): AsyncGenerator<Change, void> {
  for (const change of changes.toReversed()) yield await Promise.resolve(change);
}
const online = (instant: string): Change => ({ atMs: at(instant), state: 'online', reason: 'connected', unwatchedSinceMs: null });
const offline = (instant: string): Change => ({ atMs: at(instant), state: 'offline', reason: 'lease-expired', unwatchedSinceMs: null });

const span = (state: PresenceSpan['state'], from: string, to: string): PresenceSpan => ({ state, fromMs: at(from), toMs: at(to) });

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
    {
      date: '2026-01-31',
      onlineMs: 2 * HOUR_MS,
      knownMs: 8 * HOUR_MS,
      changes: [changes[2]],
      spans: [span('offline', '2026-01-31T00:00:00Z', '2026-01-31T06:00:00Z'), span('online', '2026-01-31T06:00:00Z', '2026-01-31T08:00:00Z')],
    },
    {
      date: '2026-01-30',
      onlineMs: 3 * HOUR_MS,
      knownMs: 6 * HOUR_MS,
      changes: [changes[1], changes[0]],
      spans: [span('online', '2026-01-30T18:00:00Z', '2026-01-30T21:00:00Z'), span('offline', '2026-01-30T21:00:00Z', '2026-01-31T00:00:00Z')],
    },
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

test('of a day with more of them the newest spans are told, and its sums are of all', async () => {
  const start = at('2026-01-31T00:00:00Z');
  const changes = Array.from({ length: 700 }, (_, index): Change => ({
    atMs: start + index * 60_000, state: index % 2 === 0 ? 'online' : 'offline', reason: 'connected', unwatchedSinceMs: null,
  }));
  const nowMs = start + 700 * 60_000;
  const [day] = await presenceDays(siteDays(start, nowMs, 'UTC'), newestFirst(changes), nowMs);
  expect(day).toMatchObject({ knownMs: 700 * 60_000, onlineMs: 350 * 60_000 });
  expect(day?.spans).toHaveLength(MAX_CHANGES_SHOWN);
  expect(day?.spans.at(-1)?.toMs).toBe(nowMs);
});

// Minutes after the start; a change may say that nobody watched for some minutes before it.
const history = fc.array(
  fc.record({
    minute: fc.integer({ min: 0, max: 4 * 24 * 60 }),
    state: fc.constantFrom('online' as const, 'offline' as const),
    unwatchedMinutes: fc.option(fc.integer({ min: 0, max: 600 }), { nil: null }),
  }),
  { maxLength: 25 },
);

test('spans are what each minute was, never overlap, and leave out exactly what nobody knows', async () => {
  const start = at('2026-03-28T00:00:00Z');
  await fc.assert(
    fc.asyncProperty(history, fc.integer({ min: 0, max: 4 * 24 * 60 }), async (told, fromMinute) => {
      const changes = told
        .sort((a, b) => a.minute - b.minute)
        .map(({ minute, state, unwatchedMinutes }): Change => {
          const atMs = start + minute * 60_000;
          return { atMs, state, reason: 'connected', unwatchedSinceMs: unwatchedMinutes === null ? null : atMs - unwatchedMinutes * 60_000 };
        });
      const nowMs = start + 5 * 24 * HOUR_MS;
      const fromMs = start + fromMinute * 60_000;
      /** By looking at one minute alone: the last change before it says, unless the next one says that nobody watched by then. */
      const stateAt = (atMs: number): string | undefined => {
        const index = changes.findLastIndex((change) => change.atMs <= atMs);
        const next = changes[index + 1];
        return (next?.unwatchedSinceMs ?? Infinity) <= atMs ? undefined : changes[index]?.state;
      };
      const days = siteDays(fromMs, nowMs, 'Europe/Oslo').reverse();
      const found = await presenceDays(days, newestFirst(changes), nowMs);
      for (const spans of [presenceSpans(changes.toReversed(), { fromMs, toMs: nowMs }), found.toReversed().flatMap((day) => day.spans)]) {
        spans.forEach((each, index) => {
          expect(each.fromMs).toBeLessThan(each.toMs);
          expect(each.fromMs).toBeGreaterThanOrEqual(spans[index - 1]?.toMs ?? -Infinity);
        });
        for (let atMs = fromMs; atMs < nowMs; atMs += 7 * 60_000) {
          const inSpan = spans.find((each) => each.fromMs <= atMs && atMs < each.toMs)?.state;
          if (inSpan !== stateAt(atMs)) expect({ atMs, inSpan }).toEqual({ atMs, inSpan: stateAt(atMs) });
        }
      }
      // No two that touch are of one state, but for where a day ends.
      const spans = presenceSpans(changes.toReversed(), { fromMs, toMs: nowMs });
      expect(spans.filter((each, index) => spans[index - 1]?.toMs === each.fromMs && spans[index - 1]?.state === each.state)).toEqual([]);
      for (const day of found) {
        expect(day.spans.reduce((sum, each) => sum + each.toMs - each.fromMs, 0)).toBe(day.knownMs);
        expect(day.spans.reduce((sum, each) => sum + (each.state === 'online' ? each.toMs - each.fromMs : 0), 0)).toBe(day.onlineMs);
      }
    }),
    { numRuns: 100 },
  );
});
