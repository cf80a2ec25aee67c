import { beforeAll, describe, expect, it } from 'vitest';
import type { DoseReading } from '../agent/journal/entry.ts';
import { judgeDose } from '../agent/plc/dose-verdict.ts';
import type { RegisterMap } from '../agent/plc/register-map.ts';
import { readMap } from './support/whole-system.ts';

const TOKEN = 101;
const BEFORE = { lastToken: 100, refused: 65535, meals: { count: 7, totalGrams: 900 } };

describe('a reading after a dose was written', () => {
  let map: RegisterMap;
  beforeAll(async () => {
    map = await readMap();
  });

  it.each<[string, Partial<DoseReading>, string]>([
    ['shows its token: fed', { lastToken: TOKEN }, 'fed'],
    ['shows its token and a refusal more: refused', { lastToken: TOKEN, refused: 0 }, 'refused'],
    ['shows its token, its meal counters gone back: unclear', { lastToken: TOKEN, meals: { count: 0, totalGrams: 0 } }, 'unclear'],
    ['shows its token and a refusal more, its meal counters gone back: unclear', { lastToken: TOKEN, refused: 1, meals: { count: 0, totalGrams: 0 } }, 'unclear'],
    ['shows its token, the counter of refusals gone back: unclear', { lastToken: TOKEN, refused: 65000 }, 'unclear'],
    ['is as before: not taken', {}, 'not-taken'],
    ['is as before but for a meal: not taken', { meals: { count: 8, totalGrams: 1000 } }, 'not-taken'],
    ['shows a refusal, and not yet its token: not taken', { refused: 0 }, 'not-taken'],
    ['shows two refusals, and not its token: unclear', { refused: 1 }, 'unclear'],
    ['shows the counter of refusals gone back: unclear', { refused: 65534 }, 'unclear'],
    ['shows meals gone back: unclear', { meals: { count: 6, totalGrams: 900 } }, 'unclear'],
    ['shows grams gone back: unclear', { meals: { count: 7, totalGrams: 899 } }, 'unclear'],
    ['shows another token: unclear', { lastToken: 102 }, 'unclear'],
  ])('%s', (_, now, verdict) => {
    expect(judgeDose({ token: TOKEN, before: BEFORE }, { ...BEFORE, ...now }, map)).toBe(verdict);
  });

  it('by a map that has got a counter of refusals since shows its token: unclear', () => {
    const { lastToken, meals } = BEFORE;
    expect(judgeDose({ token: TOKEN, before: { lastToken, meals } }, { ...BEFORE, lastToken: TOKEN }, map)).toBe('unclear');
  });
});
