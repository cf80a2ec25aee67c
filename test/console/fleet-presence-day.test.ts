import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutesOf, stretchesOf } from '../../console/fleet/presence-day.ts';

const AT = '2026-02-03T12:00:00.000Z';
const ago = (hours: number): string => new Date(Date.parse(AT) - hours * 3_600_000).toISOString();

describe('the last 24 hours', () => {
  it('have what nobody knows between what was told', () => {
    const presence = [
      { state: 'online' as const, from: ago(18), to: ago(12) },
      { state: 'offline' as const, from: ago(6), to: ago(0) },
    ];
    expect(stretchesOf({ at: AT, presence })).toEqual([
      { state: 'unknown', from: 0, to: 0.25 },
      { state: 'online', from: 0.25, to: 0.5 },
      { state: 'unknown', from: 0.5, to: 0.75 },
      { state: 'offline', from: 0.75, to: 1 },
    ]);
  });

  it('leave out what was before them', () => {
    expect(stretchesOf({ at: AT, presence: [{ state: 'online', from: ago(30), to: ago(25) }, { state: 'online', from: ago(25), to: ago(0) }] })).toEqual([{ state: 'online', from: 0, to: 1 }]);
    expect(stretchesOf({ at: AT, presence: [] })).toEqual([{ state: 'unknown', from: 0, to: 1 }]);
  });

  it('are without gap or overlap, whatever was told', () => {
    const Span = fc.record({ state: fc.constantFrom('online' as const, 'offline' as const), from: fc.integer({ min: -5, max: 40 }).map(ago), to: fc.integer({ min: -5, max: 40 }).map(ago) });
    fc.assert(
      fc.property(fc.array(Span, { maxLength: 6 }), (presence) => {
        const stretches = stretchesOf({ at: AT, presence });
        expect(stretches[0]?.from).toBe(0);
        expect(stretches.at(-1)?.to).toBe(1);
        stretches.forEach(({ from, to }, index) => {
          expect(to).toBeGreaterThan(from);
          if (index > 0) expect(from).toBe(stretches[index - 1]?.to);
        });
        const { online, offline, unknown } = minutesOf(stretches);
        expect(online + offline + unknown).toBe(1440);
        expect(Math.min(online, offline, unknown)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  });
});
