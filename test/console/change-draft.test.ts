import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parameter } from '../../console/api/shapes.ts';
import { comparison } from '../../console/change/comparison.ts';
import { doseFault, gapEndsMs } from '../../console/change/dose.ts';
import { review } from '../../console/change/draft.ts';
import { faultOf, isSameValue } from '../../console/change/parameter-rule.ts';
import { numberIn, typedFrom, valueTyped } from '../../console/change/typed-value.ts';
import { LANGUAGES } from '../../console/words/language.ts';
import { checkValue, sameValue } from '../../topics/parameters.ts';

const meal: Parameter = { name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5000, step: 1 };
const rate: Parameter = { name: 'doseRateGramsPerSecond', type: 'number', unit: 'g/s', min: 1, max: 100, step: 0.1 };
const interval: Parameter = { name: 'intervalSeconds', type: 'integer', unit: 's', min: 60, max: 86_400, step: 1 };
const until: Parameter = { name: 'windowEndMinute', type: 'integer', unit: 'min', min: 0, max: 1440, step: 1 };
const light: Parameter = { name: 'lightOn', type: 'boolean' };

const anyLanguage = fc.constantFrom(...LANGUAGES);
const anyNumeric: fc.Arbitrary<Extract<Parameter, { type: 'number' | 'integer' }>> = fc
  .record({ min: fc.integer({ min: -1000, max: 1000 }), span: fc.integer({ min: 1, max: 5000 }), step: fc.constantFrom(undefined, 1, 0.1, 0.25, 5), offset: fc.constantFrom(undefined, 0, 0.5, -40) })
  .map(({ min, span, step, offset }) => ({ name: 'level', type: 'number' as const, unit: 'x', min, max: min + span, ...(step !== undefined && { step }), ...(offset !== undefined && { offset }) }));

describe('a value that was typed', () => {
  it('is what the field began with, where nobody changed it', () => {
    fc.assert(
      fc.property(anyLanguage, fc.constantFrom(meal, rate, interval, until), fc.integer({ min: -20_000, max: 20_000 }), fc.constantFrom(1, 10, 100, 1000), (language, parameter, raw, scale) => {
        const value = parameter === until ? Math.abs(raw) % 1441 : raw / scale;
        expect(valueTyped(parameter, typedFrom(parameter, value, language), language)).toBe(value === 0 ? 0 : value);
      }),
      { numRuns: 200 },
    );
  });

  it('is read as the language writes numbers, and with the other decimal sign where that is no group of thousands', () => {
    expect(numberIn('1,5', 'es')).toBe(1.5);
    expect(numberIn('1.5', 'es')).toBe(1.5);
    expect(numberIn('1.500', 'es')).toBe(1500);
    expect(numberIn('1.500,25', 'es')).toBe(1500.25);
    expect(numberIn('1,500', 'en')).toBe(1500);
    expect(numberIn('1.500', 'en')).toBe(1.5);
    expect(numberIn('0,125', 'en')).toBe(0.125);
    expect(numberIn('12,5', 'he')).toBe(12.5);
    for (const text of ['', 'abc', '1,2,3', '1.2.3', '1e3', '0x10', '--1', '1,500.5', 'Infinity']) expect(numberIn(text, 'es')).toBeUndefined();
  });

  it('may be a time of day, with its end told from its beginning', () => {
    for (const [text, minute] of [['07:45', 465], ['7:45', 465], ['0745', 465], ['24:00', 1440], ['00:00', 0]] as const) expect(valueTyped(until, text, 'en')).toBe(minute);
    for (const text of ['24:01', '7:60', '745:00', '7', '']) expect(valueTyped(until, text, 'en')).toBeUndefined();
  });

  it('may be a span of hours and minutes', () => {
    expect(valueTyped(interval, '1:30', 'en')).toBe(5400);
    expect(valueTyped(interval, '0:00:45', 'en')).toBe(45);
    expect(valueTyped(interval, '5401', 'en')).toBe(5401);
    expect(valueTyped(interval, '1:75', 'en')).toBeUndefined();
  });

  it('may have spaces and marks of direction around it', () => {
    expect(valueTyped(meal, ' \u200f1\u00a0200 ', 'he')).toBe(1200);
    expect(valueTyped(rate, '\u22123', 'en')).toBe(-3);
  });
});

describe('the rule for values', () => {
  it("is the bridge's own", () => {
    const anyValue = fc.oneof(fc.double(), fc.integer({ min: -2000, max: 7000 }), fc.integer({ min: -20_000, max: 70_000 }).map((raw) => raw / 10), fc.boolean());
    fc.assert(
      fc.property(fc.oneof(anyNumeric, fc.constant(light)), anyValue, (parameter, value) => {
        const expected = checkValue(parameter, value)?.code;
        const found = faultOf(parameter, value)?.kind;
        expect(found === undefined ? undefined : found === 'unreadable' ? 'wrong-type' : 'out-of-range').toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('tells the same values from others as the bridge does', () => {
    fc.assert(
      fc.property(anyNumeric, fc.integer({ min: 0, max: 100 }), fc.integer({ min: -3, max: 3 }), (parameter, a, difference) => {
        expect(isSameValue(parameter, a / 10, (a + difference) / 10)).toBe(sameValue(parameter, a / 10, (a + difference) / 10));
      }),
    );
  });

  it('proposes neighbours that it takes', () => {
    fc.assert(
      fc.property(anyNumeric, fc.double({ min: -1000, max: 6000, noNaN: true }), (parameter, value) => {
        const fault = faultOf(parameter, value);
        if (fault?.kind !== 'off-step') return;
        for (const neighbour of [fault.below, fault.above]) if (neighbour !== parameter.min && neighbour !== parameter.max) expect(faultOf(parameter, neighbour)).toBeUndefined();
      }),
    );
  });
});

describe('a draft of settings', () => {
  const held = { mealGrams: 90, doseRateGramsPerSecond: 20, intervalSeconds: 3600, lightOn: true };
  const parameters = [meal, rate, interval, light];

  it('comes to what differs from what the PLC holds, and leaves out what does not', () => {
    expect(review({ mealGrams: '90', intervalSeconds: '1:30', lightOn: true }, parameters, held, 'en')).toEqual({ changes: { intervalSeconds: 5400 }, faults: new Map() });
    expect(review({}, parameters, held, 'en').changes).toEqual({});
    expect(review({ toString: '5' }, parameters, held, 'en').changes).toEqual({});
  });

  it('says of each field what is wrong in it', () => {
    const { changes, faults } = review({ mealGrams: 'much', doseRateGramsPerSecond: '20.05', intervalSeconds: '5' }, parameters, held, 'en');
    expect(changes).toEqual({});
    expect([...faults]).toEqual([
      ['mealGrams', { kind: 'unreadable' }],
      ['doseRateGramsPerSecond', { kind: 'off-step', below: 20, above: 20.1 }],
      ['intervalSeconds', { kind: 'out-of-range' }],
    ]);
  });

  it('is set against what others have changed meanwhile', () => {
    const now = { ...held, mealGrams: 100, lightOn: false };
    expect(comparison(held, now, { mealGrams: 120, intervalSeconds: 3600 }, parameters)).toEqual({
      rows: [{ name: 'mealGrams', isChanged: true }, { name: 'intervalSeconds', isChanged: false }],
      others: ['lightOn'],
      remaining: { mealGrams: 120 },
    });
  });
});

describe('a dose', () => {
  const guards = { maxDoseGrams: 500, minGapSeconds: 300, maxGramsPerDay: 5000 };

  it('is held to the guards that are known', () => {
    expect([undefined, 0, -1, 501, 500, 0.5].map((grams) => doseFault(grams, guards))).toEqual(['unreadable', 'not-positive', 'not-positive', 'too-much', undefined, undefined]);
    expect(doseFault(9_999, undefined)).toBeUndefined();
  });

  it('is known to be too soon after the last one, until its gap has passed', () => {
    const at = '2026-01-31T08:00:00.000Z';
    const atMs = Date.parse(at);
    expect(gapEndsMs({ at }, guards, atMs + 299_000)).toBe(atMs + 300_000);
    expect(gapEndsMs({ at }, guards, atMs + 300_000)).toBeUndefined();
    expect(gapEndsMs(null, guards, atMs)).toBeUndefined();
  });
});
