import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGuards, type DoseAsked } from '../agent/plc/feed-guards.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GUARDS = { maxDoseGrams: 500, minGapSeconds: 300, maxGramsPerDay: 1000 };

const asked = (more: Partial<DoseAsked> = {}): DoseAsked => ({
  grams: 100,
  nowMs: NOW_MS,
  doses: [],
  dosesForgottenUntilMs: undefined,
  lastToken: 5,
  ...more,
});
const fed = (agoMs: number, grams: number) => ({ atMs: NOW_MS - agoMs, grams });

describe('a dose', () => {
  it.each([
    { of: 'the largest size', given: { grams: 500 }, code: undefined },
    { of: 'more than the largest size', given: { grams: 500.1 }, code: 'maximum-dose' },
    { of: 'any size right after another', given: { doses: [fed(0, 1)] }, code: 'minimum-gap' },
    { of: 'any size just before the gap ends', given: { doses: [fed(299_999, 1)] }, code: 'minimum-gap' },
    { of: 'any size when the gap ends', given: { doses: [fed(300_000, 1)] }, code: undefined },
    { of: 'what is left of the day', given: { doses: [fed(9 * HOUR_MS, 500), fed(HOUR_MS, 400)] }, code: undefined },
    { of: 'more than is left of the day', given: { doses: [fed(9 * HOUR_MS, 500), fed(HOUR_MS, 401)] }, code: 'daily-limit' },
    { of: 'what yesterday had', given: { doses: [fed(DAY_MS, 1000)] }, code: undefined },
    { of: 'any size where the clock went back', given: { doses: [fed(-HOUR_MS, 1)] }, code: 'minimum-gap' },
    {
      of: 'more than is left, though the clock had gone back for a while',
      given: { doses: [{ atMs: NOW_MS - HOUR_MS, loweredToMs: NOW_MS - 2 * DAY_MS, grams: 1000 }] },
      code: 'daily-limit',
    },
    {
      of: 'what a day ago had, when the clock was put back from far ahead',
      given: { doses: [{ atMs: NOW_MS + 900 * DAY_MS, loweredToMs: NOW_MS - DAY_MS, grams: 1000 }] },
      code: undefined,
    },
    { of: 'any size soon after the memory begins', given: { dosesForgottenUntilMs: NOW_MS - 1000 }, code: 'minimum-gap' },
    { of: 'any size in the day after the memory begins', given: { dosesForgottenUntilMs: NOW_MS - DAY_MS + 1 }, code: 'daily-limit' },
    { of: 'any size a day after the memory begins', given: { dosesForgottenUntilMs: NOW_MS - DAY_MS }, code: undefined },
    { of: 'a PLC that was never given one', given: { dosesForgottenUntilMs: NOW_MS, lastToken: 0 }, code: undefined },
    { of: 'both too much and too soon', given: { grams: 501, doses: [fed(0, 1000)] }, code: 'maximum-dose' },
    { of: 'both too soon and beyond the day', given: { doses: [fed(0, 1000)] }, code: 'minimum-gap' },
  ])('of $of: $code', ({ given, code }) => {
    expect(checkGuards(GUARDS, asked(given))?.code).toBe(code);
  });

  it('is told when it would be taken, by gap and day together', () => {
    const doses = [fed(20 * HOUR_MS, 600), fed(60_000, 400)];
    expect(checkGuards(GUARDS, asked({ doses }))?.message).toBe('expected 300 s between doses; 100 g would be taken from 2026-03-01T16:00:00.000Z on');
    expect(checkGuards({ maxGramsPerDay: 50 }, asked())?.message).toBe('expected at most 50 g in 24 h; 100 g are never taken');
  });

  it('passes a map without guards, whatever was fed or forgotten', () => {
    expect(checkGuards({}, asked({ grams: 1e9, doses: [fed(0, 1e9)], dosesForgottenUntilMs: NOW_MS }))).toBeUndefined();
  });

  it('of tenths of a gram may fill the day to its end', () => {
    const doses = [fed(3 * HOUR_MS, 0.1), fed(2 * HOUR_MS, 0.2)];
    expect(checkGuards({ maxGramsPerDay: 0.6 }, asked({ grams: 0.3, doses }))).toBeUndefined();
    expect(checkGuards({ maxGramsPerDay: 0.5 }, asked({ grams: 0.3, doses }))?.code).toBe('daily-limit');
  });
});

describe('whatever was fed', () => {
  const dose = fc.record({ atMs: fc.integer({ min: NOW_MS - 2 * DAY_MS, max: NOW_MS + HOUR_MS }), grams: fc.integer({ min: 1, max: 400 }) });
  const situation = fc.record({
    grams: fc.integer({ min: 1, max: 600 }),
    doses: fc.array(dose, { maxLength: 12 }),
    dosesForgottenUntilMs: fc.option(fc.integer({ min: NOW_MS - 2 * DAY_MS, max: NOW_MS }), { nil: undefined }),
    lastToken: fc.integer({ min: 0, max: 3 }),
  });
  const every = (check: (given: DoseAsked) => void) =>
    fc.assert(fc.property(situation, (given) => check({ ...given, nowMs: NOW_MS })), { numRuns: 2_000 });

  it('a dose let through keeps every guard', () => {
    every((given) => {
      if (checkGuards(GUARDS, given)) return;
      const { grams, doses, dosesForgottenUntilMs, lastToken } = given;
      const lastDay = doses.filter(({ atMs }) => atMs > NOW_MS - DAY_MS);
      expect(grams).toBeLessThanOrEqual(500);
      expect(lastDay.every(({ atMs }) => atMs <= NOW_MS - 300_000)).toBe(true);
      expect(lastDay.reduce((sum, one) => sum + one.grams, grams)).toBeLessThanOrEqual(1000);
      if (dosesForgottenUntilMs !== undefined && lastToken !== 0) expect(dosesForgottenUntilMs).toBeLessThanOrEqual(NOW_MS - DAY_MS);
    });
  });

  it('the time told is the first at which a dose of that size is let through', () => {
    every((given) => {
      const told = /from (\S+) on$/.exec(checkGuards(GUARDS, given)?.message ?? '')?.[1];
      if (told === undefined) return;
      const fedBefore = { ...given, doses: given.doses.map((one) => ({ ...one, atMs: Math.min(one.atMs, NOW_MS) })) };
      const from = Date.parse(told);
      expect(checkGuards(GUARDS, { ...fedBefore, nowMs: from })).toBeUndefined();
      expect(checkGuards(GUARDS, { ...fedBefore, nowMs: from - 1 })).toBeDefined();
    });
  });

  it('one dose more, or memory lost, never makes a guard let through what it did not', () => {
    fc.assert(
      fc.property(situation, dose, (given, more) => {
        const before = { ...given, nowMs: NOW_MS };
        if (!checkGuards(GUARDS, before)) return;
        expect(checkGuards(GUARDS, { ...before, doses: [...before.doses, more] })).toBeDefined();
        expect(checkGuards(GUARDS, { ...before, dosesForgottenUntilMs: before.dosesForgottenUntilMs ?? NOW_MS })).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });
});
