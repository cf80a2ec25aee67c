import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrange, countShown, isSameArrangement, type Wanted } from '../../console/fleet/arrangement.ts';
import { CONDITIONS, conditionOf, type Standing } from '../../console/fleet/standing.ts';

const WANTED: Wanted = { query: '', site: undefined, concerns: new Set(), groupBy: 'none', sortBy: 'attention', language: 'en' };

const feeder = (feederId: string, more: Partial<Standing> = {}): Standing => ({
  feederId,
  name: feederId,
  site: 'north',
  presence: 'online',
  plc: 'ok',
  isPaused: false,
  worstAlarm: 'none',
  isHopperSoonEmpty: false,
  ...more,
});

const idsOf = (standings: readonly Standing[], wanted: Partial<Wanted>): string[] => arrange(standings, { ...WANTED, ...wanted }).flatMap(({ feederIds }) => feederIds);

describe('search', () => {
  const standings = [feeder('pond-1', { name: 'Criadero Peñón' }), feeder('pond-2', { name: 'בְּרֵכָה צפונית' }), feeder('tank-1', { name: 'Fry tank', site: 'south' })];

  it.each([
    ['penon', ['pond-1']],
    ['PEÑÓN', ['pond-1']],
    ['criadero pond', ['pond-1']],
    ['ברכה', ['pond-2']],
    ['tank south', ['tank-1']],
    ['  ', ['pond-1', 'pond-2', 'tank-1']],
    ['pond tank', []],
  ])('finds %j', (query, found) => {
    expect(idsOf(standings, { query }).sort()).toEqual(found);
  });
});

describe('filters', () => {
  const standings = [feeder('a', { presence: 'offline', plc: 'unknown' }), feeder('b', { isPaused: true }), feeder('c', { site: 'south' })];

  it('show feeders with any of the concerns, at the site', () => {
    expect(idsOf(standings, { concerns: new Set(['offline', 'paused']) })).toEqual(['a', 'b']);
    expect(idsOf(standings, { concerns: new Set(['offline']), site: 'south' })).toEqual([]);
    expect(idsOf(standings, { site: 'south' })).toEqual(['c']);
  });

  it('leave a site that is no more out of account', () => {
    expect(idsOf(standings, { site: 'gone' })).toHaveLength(3);
  });
});

describe('the order', () => {
  it('has what needs attention first, then names by their numbers', () => {
    const standings = [feeder('x', { name: 'Pond 10' }), feeder('y', { name: 'pond 2' }), feeder('z', { name: 'Zander', worstAlarm: 'critical' })];
    expect(idsOf(standings, {})).toEqual(['z', 'y', 'x']);
    expect(idsOf(standings, { sortBy: 'name' })).toEqual(['y', 'x', 'z']);
  });

  it('groups by site in the order of names, by condition in the order of badness', () => {
    const standings = [feeder('a', { site: 'site 10' }), feeder('b', { site: 'site 9' }), feeder('c', { site: 'site 10', isPaused: true })];
    expect(arrange(standings, { ...WANTED, groupBy: 'site' })).toEqual([
      { by: { kind: 'site', site: 'site 9' }, feederIds: ['b'] },
      { by: { kind: 'site', site: 'site 10' }, feederIds: ['c', 'a'] },
    ]);
    expect(arrange(standings, { ...WANTED, groupBy: 'condition', sortBy: 'name' })).toEqual([
      { by: { kind: 'condition', condition: 'paused' }, feederIds: ['c'] },
      { by: { kind: 'condition', condition: 'fine' }, feederIds: ['a', 'b'] },
    ]);
  });

  const Standings = fc.uniqueArray(
    fc.record({
      feederId: fc.stringMatching(/^[a-z0-9]{1,6}$/),
      name: fc.constantFrom('A', 'a', 'B 2', 'B 10', 'Á'),
      site: fc.constantFrom('north', 'south'),
      presence: fc.constantFrom('online' as const, 'offline' as const),
      plc: fc.constantFrom('ok' as const, 'unreachable' as const, 'unknown' as const),
      isPaused: fc.constantFrom(true, false, undefined),
      worstAlarm: fc.constantFrom('none' as const, 'info' as const, 'critical' as const, undefined),
      isHopperSoonEmpty: fc.constantFrom(true, false, undefined),
    }),
    { selector: ({ feederId }) => feederId },
  );

  it('shows every feeder once, the same however they came, the worst first within each group', () => {
    fc.assert(
      fc.property(Standings, fc.constantFrom('none' as const, 'site' as const, 'condition' as const), (standings, groupBy) => {
        const groups = arrange(standings, { ...WANTED, groupBy });
        expect(groups.flatMap(({ feederIds }) => feederIds).sort()).toEqual(standings.map(({ feederId }) => feederId).sort());
        expect(countShown(groups)).toBe(standings.length);
        expect(isSameArrangement(arrange([...standings].reverse(), { ...WANTED, groupBy }), groups)).toBe(true);
        for (const { feederIds } of groups) {
          const ranks = feederIds.map((feederId) => CONDITIONS.indexOf(conditionOf(standings.find((each) => each.feederId === feederId) ?? feeder('none'))));
          expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('whether two arrangements are the same', () => {
  it('tells another order, another heading and another number of feeders apart', () => {
    const one = [{ by: { kind: 'site' as const, site: 's' }, feederIds: ['a', 'b'] }];
    expect(isSameArrangement(one, structuredClone(one))).toBe(true);
    expect(isSameArrangement(one, [{ by: { kind: 'site', site: 's' }, feederIds: ['b', 'a'] }])).toBe(false);
    expect(isSameArrangement(one, [{ by: { kind: 'none' }, feederIds: ['a', 'b'] }])).toBe(false);
    expect(isSameArrangement(one, [{ by: { kind: 'site', site: 's' }, feederIds: ['a', 'b', 'c'] }])).toBe(false);
    expect(isSameArrangement(one, [])).toBe(false);
  });
});
