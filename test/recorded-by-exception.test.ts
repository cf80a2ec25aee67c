import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Moment } from '../agent/clock.ts';
import type { ReadingEntry } from '../agent/plc/register-map.ts';
import { alarmsSeen, type AlarmsSeen } from '../agent/recorder/alarms.ts';
import { countersSeen, type CountersSeen } from '../agent/recorder/counters-seen.ts';
import { whatIsNew, type Recorded, type Seen } from '../agent/recorder/news.ts';
import { isWorthRecording, type ReadingsSeen } from '../agent/recorder/readings.ts';
import type { NewRecord } from '../agent/spool/spool.ts';
import type { Values } from '../topics/parameters.ts';

const at = (seconds: number): Moment => ({ wallMs: 0, monotonicMs: seconds * 1000 });
const entry = (more: { scale?: number; deadBand?: number; type?: 'uint16' | 'float32' } = {}): ReadingEntry => ({
  table: 'input', address: 0, type: 'uint16', scale: 1, offset: 0, wordOrder: 'big', ...more,
});
const READINGS = new Map<string, ReadingEntry>([
  ['hopperGrams', entry()],
  ['waterTemperatureCelsius', entry({ scale: 0.1, deadBand: 0.2 })],
  ['dissolvedOxygenMgPerLitre', entry({ scale: 0.01 })],
  ['phValue', entry({ type: 'float32' })],
  ['mealsToday', entry({ deadBand: 0 })],
  ['feeding', { table: 'discrete', address: 0, type: 'bool' }],
]);

describe('readings', () => {
  const isRecorded = (from: Values, to: Values, afterSeconds = 1) =>
    isWorthRecording(READINGS, { values: from, at: at(0) }, { values: to, at: at(afterSeconds) });

  it.each<[string, Values, Values, boolean]>([
    ['within 1 % of what was recorded last', { hopperGrams: 20_000 }, { hopperGrams: 19_800 }, false],
    ['beyond it', { hopperGrams: 20_000 }, { hopperGrams: 19_799 }, true],
    ['one step, where that is more', { hopperGrams: 12 }, { hopperGrams: 13 }, false],
    ['two of them', { hopperGrams: 12 }, { hopperGrams: 14 }, true],
    ['its own dead band, reached', { waterTemperatureCelsius: 14.1 }, { waterTemperatureCelsius: 14.3 }, false],
    ['its own dead band, left', { waterTemperatureCelsius: 14.1 }, { waterTemperatureCelsius: 13.8 }, true],
    ['a dead band of 0', { mealsToday: 4 }, { mealsToday: 5 }, true],
    ['a float32 within 1 %', { phValue: 7 }, { phValue: 7.07 }, false],
    ['a float32 that left 0', { phValue: 0 }, { phValue: 0.000_001 }, true],
    ['a bit', { feeding: false }, { feeding: true }, true],
    ['one that was bad before', { feeding: true }, { feeding: true, hopperGrams: 3 }, true],
    ['one that is bad now', { feeding: true, hopperGrams: 3 }, { feeding: true }, false],
    ['nothing but bad ones', { hopperGrams: 3 }, {}, false],
    ['one of several', { feeding: false, hopperGrams: 3 }, { feeding: false, hopperGrams: 9 }, true],
  ])('%s', (_, from, to, expected) => {
    expect(isRecorded(from, to)).toBe(expected);
  });

  it('that stand still are recorded once a minute', () => {
    let last: ReadingsSeen | undefined;
    const recordedAt: number[] = [];
    for (let now = 0; now < 300; now += 2) {
      const reading = { values: { hopperGrams: 9_000 }, at: at(now) };
      if (!isWorthRecording(READINGS, last, reading)) continue;
      last = reading;
      recordedAt.push(now);
    }
    expect(recordedAt).toEqual([0, 56, 112, 168, 224, 280]);
  });

  it('are never further from what is recorded than their dead bands', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ oxygen: fc.integer({ min: 0, max: 2_000 }), temperature: fc.integer({ min: 0, max: 300 }), afterSeconds: fc.integer({ min: 1, max: 5 }) }), {
          minLength: 1,
          maxLength: 100,
        }),
        (looks) => {
          let last: ReadingsSeen | undefined;
          let now = 0;
          for (const { oxygen, temperature, afterSeconds } of looks) {
            now += afterSeconds;
            const values = { dissolvedOxygenMgPerLitre: oxygen / 100, waterTemperatureCelsius: temperature / 10 };
            if (isWorthRecording(READINGS, last, { values, at: at(now) })) last = { values, at: at(now) };
            expect(last).toBeDefined();
            const recorded = { ...values, ...last?.values };
            expect(Math.abs(recorded.waterTemperatureCelsius - values.waterTemperatureCelsius)).toBeLessThanOrEqual(0.2 + 1e-6);
            const band = Math.max(0.01, recorded.dissolvedOxygenMgPerLitre / 100);
            expect(Math.abs(recorded.dissolvedOxygenMgPerLitre - values.dissolvedOxygenMgPerLitre)).toBeLessThanOrEqual(band + 1e-6);
          }
        },
      ),
    );
  });
});

describe('counters', () => {
  const settled = (...looks: [count: number, totalGrams: number, seconds: number][]) => {
    let seen: CountersSeen | undefined;
    return looks.map(([count, totalGrams, seconds]) => {
      seen = countersSeen(seen, { count, totalGrams }, at(seconds));
      return [seen.isSettled, seen.since.monotonicMs / 1000];
    });
  };

  it('count when they are the same at two looks in a row, as of the first of them', () => {
    expect(settled([3, 100, 0], [3, 100, 2], [3, 120, 4], [4, 140, 6], [4, 140, 8], [4, 140, 10])).toEqual([
      [false, 0], [true, 0], [false, 4], [false, 6], [true, 6], [true, 6],
    ]);
  });

  it('that never stand still count every ten minutes', () => {
    const looks = Array.from({ length: 21 }, (_, index): [number, number, number] => [index, index * 10, index * 60]);
    expect(settled(...looks).flatMap(([isSettled], index) => (isSettled === true ? [index] : []))).toEqual([10]);
    const more = Array.from({ length: 25 }, (_, index): [number, number, number] => [index, index * 10, index * 60]);
    expect(settled(...more).flatMap(([isSettled], index) => (isSettled === true ? [index] : []))).toEqual([10, 21]);
  });
});

/** What is recorded of what was seen one after the other, in a spool that is new. */
function recordedOf(map: Parameters<typeof whatIsNew>[3], looks: readonly Seen[], recorded: Recorded = { observed: undefined, readings: undefined }): NewRecord[] {
  let known = recorded;
  return looks.flatMap((seen) => {
    const news = whatIsNew(known, seen, { given: [], isUnderWay: false }, map);
    known = news ?? known;
    return (news?.happened ?? []).map(({ record }) => record);
  });
}

describe('alarms, config and the PLC', () => {
  const MAP = { meals: undefined, readings: READINGS };
  const observed = { activeAlarms: ['motorJam'], dosesToCome: [], dosesKnown: [] };
  const alarms = (states: Record<string, boolean>, seconds = 0, before?: AlarmsSeen) => alarmsSeen(before, states, at(seconds));

  it('are told when they change, and once for all in a new spool', () => {
    const looks = [{ hopperLow: false, motorJam: true }, { hopperLow: false, motorJam: true }, { hopperLow: true, motorJam: false }];
    expect(recordedOf(MAP, looks.map((states) => ({ alarms: alarms(states) })))).toEqual([
      { kind: 'alarm', name: 'hopperLow', active: false },
      { kind: 'alarm', name: 'motorJam', active: true },
      { kind: 'alarm', name: 'hopperLow', active: true },
      { kind: 'alarm', name: 'motorJam', active: false },
    ]);
  });

  it('are neither raised again after a restart nor left raised where they were cleared meanwhile, or mapped no more', () => {
    const after = (states: Record<string, boolean>) => recordedOf(MAP, [{ alarms: alarms(states) }], { observed, readings: undefined });
    expect(after({ hopperLow: false, motorJam: true })).toEqual([]);
    expect(after({ hopperLow: false, motorJam: false })).toEqual([{ kind: 'alarm', name: 'motorJam', active: false }]);
    expect(after({ hopperLow: false })).toEqual([{ kind: 'alarm', name: 'motorJam', active: false }]);
  });

  it('are told as of when they were first seen so', () => {
    const raised = alarms({ motorJam: true }, 10, alarms({ motorJam: false }, 0));
    const stillRaised = alarms({ motorJam: true }, 20, raised);
    const news = whatIsNew({ observed: { ...observed, activeAlarms: [] }, readings: undefined }, { alarms: stillRaised }, { given: [], isUnderWay: false }, MAP);
    expect(news?.happened.map((each) => each.at)).toEqual([at(10)]);
  });

  it('config is told with its source where it differs from what is recorded', () => {
    const config = (mealGrams: number, source: 'start' | 'command' | 'local') => ({ config: { values: { mealGrams }, source, at: at(0) } });
    const told = recordedOf(MAP, [config(100, 'start'), config(100, 'start'), config(120, 'command'), config(120, 'command'), config(90, 'local')]);
    expect(told).toEqual([
      { kind: 'config', values: { mealGrams: 100 }, source: 'start' },
      { kind: 'config', values: { mealGrams: 120 }, source: 'command' },
      { kind: 'config', values: { mealGrams: 90 }, source: 'local' },
    ]);
  });

  it('the PLC is told lost and back', () => {
    const plc = (state: 'ok' | 'unreachable') => ({ plc: { state, since: at(0) } });
    expect(recordedOf(MAP, [plc('ok'), plc('ok'), plc('unreachable'), plc('unreachable'), plc('ok')])).toEqual([
      { kind: 'plc', state: 'ok' },
      { kind: 'plc', state: 'unreachable' },
      { kind: 'plc', state: 'ok' },
    ]);
  });
});
