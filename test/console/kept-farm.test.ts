import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptFarmIn } from '../../console/farm/kept-farm.ts';
import { farmAsKept } from '../../console/farm/last-values.ts';

const FEEDER = {
  feederId: 'pond-1',
  name: 'Upper pond',
  site: 'north-farm',
  timeZone: 'Europe/Oslo',
  presence: 'online',
  plc: 'ok',
  lastSeenAt: '2026-01-31T08:00:00.000Z',
  config: { version: 3, values: { mealGrams: 120 }, readAt: '2026-01-31T07:00:00.000Z', source: 'command' },
  state: { at: '2026-01-31T08:00:00.000Z', values: { hopperGrams: 9_000 }, quality: {} },
  profile: null,
};
const KEPT = { format: 1, asOfMs: 1_769_846_400_000, keptFor: 'key Kari', feeders: [FEEDER], overviews: [] };

test('a farm is shown as it was kept, and nothing can be changed in it', () => {
  const kept = keptFarmIn(structuredClone(KEPT));
  if (kept === undefined) throw new Error('expected it to be understood');
  const farm = farmAsKept(kept);
  expect(farm.snapshot()).toEqual({ feeders: [FEEDER], overviews: [] });
  expect(farm.link.value).toEqual({ kind: 'lost', sinceMs: KEPT.asOfMs });
  expect(farm.canChange.value).toBe(false);
});

test.each([
  ['nothing', undefined],
  ['another format', { ...KEPT, format: 2 }],
  ['no time', { ...KEPT, asOfMs: '2026' }],
  ['nobody', { ...KEPT, keptFor: undefined }],
  ['no list', { ...KEPT, feeders: { 0: FEEDER } }],
  ['a feeder without a name', { ...KEPT, feeders: [FEEDER, { ...FEEDER, name: undefined }] }],
  ['a presence nobody knows', { ...KEPT, feeders: [{ ...FEEDER, presence: 'gone' }] }],
  ['a config that is none', { ...KEPT, feeders: [{ ...FEEDER, config: 'none' }] }],
  ['an overview of nobody', { ...KEPT, overviews: [{}] }],
])('%s is not understood', (_what, value) => {
  expect(keptFarmIn(value)).toBeUndefined();
});

test('whatever a disk makes of it, it is understood whole or not at all', () => {
  fc.assert(fc.property(fc.constantFrom(...Object.keys(FEEDER)), fc.jsonValue(), (name, value) => {
    const kept = keptFarmIn({ ...KEPT, feeders: [{ ...FEEDER, [name]: value }] });
    if (kept) expect(farmAsKept(kept).feeders.value.size).toBe(1);
  }));
});
