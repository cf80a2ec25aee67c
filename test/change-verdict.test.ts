import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { because } from '../agent/plc/change-reasons.ts';
import { judge, movedParameters, type Situation, type WriteProgress } from '../agent/plc/change-verdict.ts';

const PROGRESS: WriteProgress[] = ['all-written', 'refused', 'late', 'unknown'];
// Few values, so that targets, former values and readings often meet.
const value = fc.integer({ min: 0, max: 2 });
const parameter = fc.record({ target: value, former: value, now: value });
const situation: fc.Arbitrary<Situation> = fc
  .array(parameter, { minLength: 1, maxLength: 4 })
  .map((all) => {
    const pick = (which: 'target' | 'former' | 'now') => Object.fromEntries(all.map((one, index) => [`p${index}`, one[which]]));
    return { changes: pick('target'), previous: pick('former'), held: pick('now'), parameterOf: () => undefined };
  });
const thousands = { numRuns: 5_000 };

describe('what a reading after the writes means', () => {
  const every = (check: (given: Situation, progress: WriteProgress, inTime: boolean) => void) =>
    fc.assert(fc.property(situation, fc.constantFrom(...PROGRESS), fc.boolean(), check), thousands);

  it('is applied only where every value is at target', () => {
    every((given, progress, inTime) => {
      if (judge(given, progress, inTime).kind === 'applied') expect(given.held).toEqual(given.changes);
    });
  });

  it('is applied wherever every value is at target, unless a write was refused', () => {
    every((given, progress, inTime) => {
      const kind = judge({ ...given, held: given.changes }, progress, inTime).kind;
      expect(kind).toBe(progress === 'refused' ? 'put-back' : 'applied');
    });
  });

  it('is expired only where nothing of the change is in the PLC', () => {
    every((given, progress, inTime) => {
      if (judge(given, progress, inTime).kind === 'expired') expect(given.held).toEqual(given.previous);
    });
  });

  it('lets another write start only in time, with nothing in the PLC that is neither target nor former value', () => {
    every((given, progress, inTime) => {
      if (judge(given, progress, inTime).kind !== 'write-again') return;
      expect([progress, inTime]).toEqual(['unknown', true]);
      for (const [name, now] of Object.entries(given.held)) expect([given.changes[name], given.previous[name]]).toContain(now);
    });
  });

  it('cannot be told only where an answer is missing or a write too late, and a value is a stranger', () => {
    every((given, progress, inTime) => {
      const isStrange = Object.entries(given.held).some(([name, now]) => now !== given.changes[name] && now !== given.previous[name]);
      const isOpen = progress === 'late' || progress === 'unknown';
      expect(judge(given, progress, inTime).kind === 'indeterminate').toBe(isOpen && isStrange);
    });
  });

  it('puts back exactly what is at target and was not before', () => {
    every((given) => {
      const expected = Object.keys(given.changes).filter(
        (name) => given.held[name] === given.changes[name] && given.held[name] !== given.previous[name],
      );
      expect(movedParameters(given)).toEqual(expected);
    });
  });
});

describe('a reason', () => {
  it('is never longer than an ack may tell', () => {
    const reason = because('journal-unavailable', 'x'.repeat(100_000), { parameter: 'mealGrams' });
    expect(reason).toEqual({ code: 'journal-unavailable', message: 'x'.repeat(1_000), parameter: 'mealGrams' });
  });
});
