import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Meter } from '../src/access/meter.ts';

const RATE = { burst: 10, perSecond: 4 };

type Ask = { afterMs: number; key: string; cost: number };
const asks = fc.array(
  fc.record<Ask>({ afterMs: fc.nat({ max: 2_000 }), key: fc.constantFrom('a', 'b', 'c'), cost: fc.integer({ min: 1, max: 4 }) }),
  { maxLength: 60 },
);

/** Asks one after the other, and tells what was taken and when. */
function run(list: readonly Ask[], maxKeys = 100): { key: string; atMs: number; cost: number; taken: boolean }[] {
  let nowMs = 0;
  const meter = new Meter(RATE, { monotonicMs: () => nowMs }, maxKeys);
  return list.map(({ afterMs, key, cost }) => {
    nowMs += afterMs;
    return { key, atMs: nowMs, cost, taken: meter.take(key, cost) };
  });
}

test('in no time does a key take more than the burst and what the rate adds', () => {
  fc.assert(
    fc.property(asks, (list) => {
      const told = run(list).filter(({ taken }) => taken);
      for (const from of told) {
        let sum = 0;
        for (const { key, atMs, cost } of told) {
          if (key !== from.key || atMs < from.atMs) continue;
          sum += cost;
          expect(sum).toBeLessThanOrEqual(RATE.burst + ((atMs - from.atMs) / 1000) * RATE.perSecond + 1e-6);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test('who asks no faster than the rate is never refused, and whoever waited has the burst again', () => {
  const steady = Array.from({ length: 1_000 }, () => ({ afterMs: 1000 / RATE.perSecond, key: 'a', cost: 1 }));
  expect(run(steady).every(({ taken }) => taken)).toBe(true);
  const [, , afterWaiting] = run([
    { afterMs: 0, key: 'a', cost: RATE.burst },
    { afterMs: 0, key: 'a', cost: 1 },
    { afterMs: (RATE.burst / RATE.perSecond) * 1000, key: 'a', cost: RATE.burst },
  ]);
  expect(afterWaiting?.taken).toBe(true);
});

test('a key has what it has, whatever others do', () => {
  fc.assert(
    fc.property(asks, (list) => {
      let nowMs = 0;
      const alone = new Meter(RATE, { monotonicMs: () => nowMs });
      for (const { key, atMs, cost, taken } of run(list)) {
        nowMs = atMs;
        if (key === 'a') expect(alone.take(key, cost)).toBe(taken);
      }
    }),
    { numRuns: 500 },
  );
});

test('of more keys than there is room for, the one that has not asked for longest is forgotten', () => {
  const use = (key: string): Ask => ({ afterMs: 0, key, cost: RATE.burst });
  const taken = run([use('a'), use('b'), use('a'), use('c'), use('a'), use('b')], 2).map((told) => told.taken);
  expect(taken).toEqual([true, true, false, true, false, true]);
});
