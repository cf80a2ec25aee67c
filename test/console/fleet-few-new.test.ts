import { describe, expect, it } from 'vitest';
import type { Group } from '../../console/fleet/arrangement.ts';
import { withFewNew } from '../../console/fleet/few-new.ts';

const GROUPS: readonly Group[] = [
  { by: { kind: 'site', site: 'north' }, feederIds: ['a', 'b'] },
  { by: { kind: 'site', site: 'south' }, feederIds: ['c', 'd'] },
];

const drawnWith = (drawn: readonly string[], mostNew: number) => {
  const { groups, isAll } = withFewNew(GROUPS, new Set(drawn), mostNew);
  return { ids: groups.map(({ feederIds }) => feederIds.join('')).join(' '), isAll };
};

describe('drawing the fleet gradually', () => {
  it('begins with those that come first, and leaves out groups that have none yet', () => {
    expect(drawnWith([], 1)).toEqual({ ids: 'a', isAll: false });
    expect(drawnWith([], 3)).toEqual({ ids: 'ab c', isAll: false });
  });

  it('keeps what is drawn, wherever it is now', () => {
    expect(drawnWith(['d'], 1)).toEqual({ ids: 'a d', isAll: false });
    expect(drawnWith(['b', 'd'], 2)).toEqual({ ids: 'ab cd', isAll: true });
  });

  it('says when all are drawn', () => {
    expect(drawnWith([], 4)).toEqual({ ids: 'ab cd', isAll: true });
    expect(drawnWith(['a', 'b', 'c', 'd'], 0)).toEqual({ ids: 'ab cd', isAll: true });
  });
});
