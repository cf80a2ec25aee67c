import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figuresOf, percentile } from '../bench/figures.ts';
import { textTable } from '../bench/table.ts';

describe('percentiles', () => {
  test('are values that were measured', () => {
    const sorted = Array.from({ length: 200 }, (_, index) => index + 1);
    expect([50, 95, 99, 100].map((percent) => percentile(sorted, percent))).toEqual([100, 190, 198, 200]);
    expect(percentile([7], 99)).toBe(7);
    expect(percentile([], 50)).toBeNaN();
  });

  test('leave at least so many values at or below them, and no smaller value does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const found = percentile([...values].sort((a, b) => a - b), percent);
        const share = (limit: number): number => values.filter((value) => value <= limit).length / values.length;
        expect(share(found)).toBeGreaterThanOrEqual(percent / 100);
        expect(share(found - 1)).toBeLessThan(percent / 100);
      }),
    );
  });

  test('do not depend on the order in which the operations ended', () => {
    expect(figuresOf([30, 10, 20, 100], 2000)).toEqual({ count: 4, perSecond: 2, p50Ms: 20, p95Ms: 100, p99Ms: 100, maxMs: 100 });
  });
});

test('a table has its names on the left and its figures under each other', () => {
  expect(textTable([['', 'p50 ms'], ['floor', '2.56'], ['bridge', '16.77', 'x']])).toBe(
    ['        p50 ms', 'floor     2.56', 'bridge   16.77  x'].join('\n'),
  );
});
