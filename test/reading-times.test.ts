import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReadingTimes as AgentReadingTimes } from '../agent/reading-times.ts';
import { ReadingTimes as BridgeReadingTimes } from '../src/feeders/reading-times.ts';

const rising = (times: readonly number[]): boolean => times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0));

describe('the readings of an agent', () => {
  const readings = fc.array(
    fc.record({ afterMs: fc.double({ min: 0.001, max: 5, noNaN: true }), offsetMs: fc.integer({ min: -20, max: 20 }) }),
    { minLength: 2, maxLength: 30 },
  );

  test('have times in their order, whatever the offset does, and each keeps its own', () => {
    fc.assert(
      fc.property(readings, (made) => {
        const times = new AgentReadingTimes();
        let monotonicMs = 0;
        const taken = made.map(({ afterMs, offsetMs }) => {
          monotonicMs += afterMs;
          const moment = { wallMs: 0, monotonicMs };
          const time = times.of(moment, Math.floor(1_000 + monotonicMs + offsetMs));
          expect(times.of(moment, Math.floor(1_000 + monotonicMs - offsetMs))).toBe(time);
          return time;
        });
        expect(rising(taken)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('that are told late are still the earlier ones', () => {
    const times = new AgentReadingTimes();
    const late = times.of({ wallMs: 0, monotonicMs: 7 }, 1_007);
    expect(times.of({ wallMs: 0, monotonicMs: 6 }, 1_009)).toBeLessThan(late);
  });
});

describe('the readings a bridge hears of', () => {
  const told = fc.array(
    fc.record({ afterMs: fc.integer({ min: 1, max: 5 }), passedMs: fc.integer({ min: 0, max: 5 }) }),
    { minLength: 2, maxLength: 30 },
  );

  test('keep their order, however far ahead the agent is, and are not of the future but for a tie', () => {
    fc.assert(
      fc.property(told, fc.integer({ min: -100, max: 100 }), (heard, aheadMs) => {
        const times = new BridgeReadingTimes();
        let nowMs = 1_000;
        let toldMs = 1_000 + aheadMs;
        const taken = heard.map(({ afterMs, passedMs }, index) => {
          nowMs += passedMs;
          toldMs += afterMs;
          const time = times.take(toldMs, nowMs);
          expect(times.take(toldMs, nowMs + 1)).toBe(time);
          expect(time).toBeLessThanOrEqual(Math.min(toldMs, nowMs + index));
          return time;
        });
        expect(rising(taken)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('are told once as of the future, and newer ones come after them all the same', () => {
    const times = new BridgeReadingTimes();
    expect(times.take(3_600_000, 1_000)).toBe(1_000);
    expect(times.take(1_002, 1_003)).toBe(1_002);
  });

  test('of long ago stay where they belong', () => {
    const times = new BridgeReadingTimes();
    expect(times.take(1_000, 1_001)).toBe(1_000);
    expect(times.take(500, 1_002)).toBe(500);
    expect(times.take(1_001, 1_003)).toBe(1_001);
  });
});
