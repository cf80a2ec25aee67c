import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlarmName } from '../src/alarm-names.ts';
import { configVerdicts, watchAfter } from '../src/alarms/config-deviations.ts';
import { mealsDue, mealsDueAtMs, scheduleNow } from '../src/alarms/missed-meals.ts';
import { verdictsOn, type Known } from '../src/alarms/rules.ts';
import { DEFAULT_THRESHOLDS, type Thresholds } from '../src/alarms/thresholds.ts';
import type { Verdict } from '../src/alarms/verdict.ts';
import type { ConfigWatch } from '../src/store/config-watch.ts';
import type { Values } from '../topics/parameters.ts';

const NOW_MS = Date.parse('2026-06-01T12:00:00Z');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NOTHING_KNOWN: Known = {
  nowMs: NOW_MS,
  agent: undefined,
  plc: undefined,
  readings: {},
  feedingSinceMs: undefined,
  gramsPerDay: undefined,
  meals: undefined,
};
const verdict = (name: keyof ReturnType<typeof verdictsOn>, known: Partial<Known>, thresholds: Partial<Thresholds> = {}): Verdict =>
  verdictsOn({ ...NOTHING_KNOWN, ...known }, { ...DEFAULT_THRESHOLDS, ...thresholds })[name];

describe('a rule', () => {
  it('says nothing where nothing is known', () => {
    expect(new Set(Object.values(verdictsOn(NOTHING_KNOWN, DEFAULT_THRESHOLDS)).map(({ state }) => state))).toEqual(new Set(['unknown']));
  });

  it('is over where it is switched off, whatever is known', () => {
    const off: Thresholds = {
      hopperDaysLeft: null, mealsMissed: null, feedingMaxMinutes: null, plcLostMinutes: null,
      agentLostMinutes: null, oxygenMinMgPerLitre: null, temperatureMinCelsius: null, temperatureMaxCelsius: null,
    };
    const worst: Known = {
      nowMs: NOW_MS,
      agent: { state: 'offline', sinceMs: 0 },
      plc: { state: 'unreachable', sinceMs: 0 },
      readings: { hopperGrams: 0, feeding: true, dissolvedOxygenMgPerLitre: 0, waterTemperatureCelsius: 99 },
      feedingSinceMs: 0,
      gramsPerDay: 9e9,
      meals: { state: 'expected', missedSinceMeal: 99, missedWhileWatched: 99, lastMealAtMs: undefined },
    };
    expect(new Set(Object.values(verdictsOn(worst, off)).map(({ state }) => state))).toEqual(new Set(['over']));
  });

  it('tells numbers and units', () => {
    const told = (name: Parameters<typeof verdict>[0], known: Partial<Known>): string => {
      const said = verdict(name, known);
      return said.state === 'active' ? said.detail : said.state;
    };
    expect(told('hopperEmptySoon', { readings: { hopperGrams: 2400 }, gramsPerDay: 1000 })).toBe(
      'the hopper will be empty in 2.4 days: 2400 g are left, and 1000 g are fed a day',
    );
    expect(told('hopperEmptySoon', { readings: { hopperGrams: 0 } })).toBe('the hopper is empty');
    expect(told('oxygenLow', { readings: { dissolvedOxygenMgPerLitre: 4.123 } })).toBe('the water has 4.12 mg/L of oxygen, below 5 mg/L');
    expect(told('temperatureLow', { readings: { waterTemperatureCelsius: 1.5 } })).toBe('the water has 1.5 °C, below 2 °C');
    expect(told('temperatureHigh', { readings: { waterTemperatureCelsius: 22.1 } })).toBe('the water has 22.1 °C, above 22 °C');
    expect(told('plcLost', { plc: { state: 'unreachable', sinceMs: NOW_MS - 7 * MINUTE_MS } })).toBe(
      'the agent is online, but the PLC has not answered it for 7 minutes',
    );
    expect(told('agentLost', { agent: { state: 'offline', sinceMs: NOW_MS - 5 * HOUR_MS } })).toBe('the agent has been offline for 5 hours');
    expect(told('feedingTooLong', { feedingSinceMs: NOW_MS - 31 * MINUTE_MS })).toBe('it has been feeding without a break for 31 minutes');
    expect(
      told('mealsMissed', { meals: { state: 'expected', missedSinceMeal: 4, missedWhileWatched: 3, lastMealAtMs: NOW_MS - 5 * HOUR_MS } }),
    ).toBe('3 meals of the schedule in a row were not fed; the last one was counted 5 hours ago');
  });

  it.each([
    ['oxygenLow', 'dissolvedOxygenMgPerLitre', 'oxygenMinMgPerLitre', 0.3],
    ['temperatureLow', 'waterTemperatureCelsius', 'temperatureMinCelsius', 0.5],
    ['temperatureHigh', 'waterTemperatureCelsius', 'temperatureMaxCelsius', 0.5],
  ] as const)('%s never flaps: between raised and cleared the water changes by the margin at least', (name, reading, threshold, margin) => {
    const around = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), fc.array(around, { maxLength: 60 }), (limit, offsets) => {
        let turnedAt: number | undefined;
        let isOpen = false;
        for (const value of offsets.map((offset) => limit + offset)) {
          const { state } = verdict(name, { readings: { [reading]: value } }, { [threshold]: limit });
          if ((state === 'active' && !isOpen) || (state === 'over' && isOpen)) {
            if (turnedAt !== undefined) expect(Math.abs(value - turnedAt)).toBeGreaterThanOrEqual(margin - 1e-9);
            isOpen = !isOpen;
            turnedAt = value;
          }
          // It is open whenever the value is beyond, and never once it is well within.
          if (name === 'temperatureHigh' ? value > limit : value < limit) expect(isOpen).toBe(true);
          if (name === 'temperatureHigh' ? value <= limit - margin : value >= limit + margin) expect(isOpen).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('of the hopper is monotone: less feed or more hunger is never better', () => {
    const rank = { over: 0, unknown: 1, active: 2 };
    const grams = fc.double({ min: 0, max: 50_000, noNaN: true });
    fc.assert(
      fc.property(grams, grams, grams, grams, (left, less, rate, more) => {
        const of = (hopperGrams: number, gramsPerDay: number): number =>
          rank[verdict('hopperEmptySoon', { readings: { hopperGrams }, gramsPerDay }).state];
        expect(of(Math.min(left, less), Math.max(rate, more))).toBeGreaterThanOrEqual(of(Math.max(left, less), Math.min(rate, more)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('of what lasts raises at its time and not before, and clears only when it ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 1, max: 60 }), (lasts, most) => {
        const sinceMs = NOW_MS - lasts * MINUTE_MS;
        const expected = lasts >= most ? 'active' : 'unknown';
        expect(verdict('agentLost', { agent: { state: 'offline', sinceMs } }, { agentLostMinutes: most }).state).toBe(expected);
        expect(verdict('plcLost', { plc: { state: 'unreachable', sinceMs } }, { plcLostMinutes: most }).state).toBe(expected);
        expect(verdict('feedingTooLong', { feedingSinceMs: sinceMs }, { feedingMaxMinutes: most }).state).toBe(expected);
      }),
    );
    expect(verdict('agentLost', { agent: { state: 'online' } }).state).toBe('over');
    expect(verdict('plcLost', { plc: { state: 'ok' } }).state).toBe('over');
    expect(verdict('feedingTooLong', { readings: { feeding: false } }).state).toBe('over');
  });

  it('of meals clears by a meal, not by nobody having looked', () => {
    const meals = (missedSinceMeal: number, missedWhileWatched: number) =>
      verdict('mealsMissed', { meals: { state: 'expected', missedSinceMeal, missedWhileWatched, lastMealAtMs: undefined } }).state;
    expect(meals(2, 2)).toBe('active');
    expect(meals(5, 1)).toBe('unknown');
    expect(meals(1, 1)).toBe('over');
    expect(verdict('mealsMissed', { meals: { state: 'none-expected' } }).state).toBe('over');
  });
});

describe('meals that are due', () => {
  const config: Values = { mealGrams: 100, intervalSeconds: 3600, dailyLimitGrams: 2000, windowStartMinute: 360, windowEndMinute: 1200, feedingEnabled: true };

  it('are counted from the last meal by interval and window, with some grace', () => {
    const due = (sinceMs: number, nowMs: number) => mealsDue(config, sinceMs, nowMs, 'UTC');
    expect(due(NOW_MS, NOW_MS + 2 * HOUR_MS)).toBe(1);
    expect(due(NOW_MS, NOW_MS + 2 * HOUR_MS + 6 * MINUTE_MS)).toBe(2);
    // From the last meal of the evening the next one is due in the morning.
    const eveningMs = Date.parse('2026-06-01T19:30:00Z');
    expect(due(eveningMs, Date.parse('2026-06-02T05:59:00Z'))).toBe(0);
    expect(due(eveningMs, Date.parse('2026-06-02T06:10:00Z'))).toBe(1);
    expect(due(eveningMs, Date.parse('2026-06-02T07:10:00Z'))).toBe(2);
  });

  it('are never fewer as time goes on', () => {
    const minutes = fc.integer({ min: 0, max: 3 * 1440 });
    fc.assert(
      fc.property(minutes, minutes, fc.integer({ min: 60, max: 86_400 }), (one, other, intervalSeconds) => {
        const due = (minute: number) => mealsDue({ ...config, intervalSeconds }, NOW_MS, NOW_MS + minute * MINUTE_MS, 'Europe/Oslo');
        expect(due(Math.max(one, other))).toBeGreaterThanOrEqual(due(Math.min(one, other)));
      }),
      { numRuns: 300 },
    );
  });

  it('are so many at a time that is known beforehand', () => {
    const minute = fc.integer({ min: 0, max: 1440 });
    fc.assert(
      fc.property(minute, minute, fc.integer({ min: 60, max: 86_400 }), fc.integer({ min: 1, max: 12 }), (since, later, intervalSeconds, meals) => {
        const schedule = { ...config, intervalSeconds };
        const [sinceMs, nowMs] = [NOW_MS + since * MINUTE_MS, NOW_MS + (since + later) * MINUTE_MS];
        const atMs = mealsDueAtMs(schedule, meals, sinceMs, nowMs, 'Europe/Oslo');
        const due = (ms: number): number => mealsDue(schedule, sinceMs, ms, 'Europe/Oslo');
        expect(due(atMs)).toBeLessThan(meals);
        if (atMs !== nowMs + 24 * HOUR_MS) expect(due(atMs + 1)).toBeGreaterThanOrEqual(meals);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['while it is paused', { feedingEnabled: false }, {}],
    ['with meals of no grams', { mealGrams: 0 }, {}],
    ['at the daily limit', {}, { dispensedTodayGrams: 1950 }],
    ['with too little oxygen', { oxygenStopMgPerLitre: 5 }, { dissolvedOxygenMgPerLitre: 4.9 }],
    ['in too warm water', { temperatureStopCelsius: 24 }, { waterTemperatureCelsius: 24.1 }],
  ])('are none %s', (_when, changed: Values, readings: Values) => {
    expect(scheduleNow({ ...config, ...changed }, readings)).toEqual({ state: 'none-expected' });
  });

  it('are not known without a config that tells them', () => {
    expect(scheduleNow({ mealGrams: 100 }, {})).toEqual({ state: 'unknown' });
    expect(scheduleNow(config, { dispensedTodayGrams: 1900 })).toMatchObject({ state: 'expected' });
  });
});

describe('what was changed by no command', () => {
  const parameters = [{ name: 'lightHours', type: 'number' as const, unit: 'h', min: 0, max: 24 }];
  type Step = { values: Values; ordered?: readonly string[]; away?: boolean };
  const follow = (steps: readonly Step[]): ConfigWatch => {
    let watch: ConfigWatch | undefined;
    for (const [index, { values, ordered = [], away = false }] of steps.entries()) {
      watch = watchAfter('pond-1', watch, { atMs: index, values, wasOrdered: (name) => ordered.includes(name), plcWasAway: away }, parameters);
    }
    if (watch === undefined) throw new Error('expected a step');
    return watch;
  };
  const told = (steps: readonly Step[]): Partial<Record<AlarmName, string>> =>
    Object.fromEntries(
      Object.entries(configVerdicts(follow(steps).deviations, parameters)).flatMap(([name, said]) => (said.state === 'active' ? [[name, said.detail]] : [])),
    );
  const first = { values: { mealGrams: 120, feedingEnabled: true, lightHours: 8 } };

  it('is told in words, with units', () => {
    expect(told([first, { values: { mealGrams: 40, feedingEnabled: false, lightHours: 9.5 } }])).toEqual({
      configChangedOnPanel: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g, feedingEnabled true -> false, lightHours 8 h -> 9.5 h',
    });
    expect(told([first, { values: { ...first.values, mealGrams: 100 }, away: true }])).toEqual({
      configFellBack: 'other settings since the PLC was away, by no command: mealGrams 120 g -> 100 g',
    });
  });

  it('is over when it is back, or a command set it; not when something else is set', () => {
    const changed = { values: { ...first.values, mealGrams: 40 } };
    expect(told([first, changed, first])).toEqual({});
    expect(told([first, changed, { values: { ...first.values, mealGrams: 60 }, ordered: ['mealGrams'] }])).toEqual({});
    expect(told([first, changed, { values: { ...changed.values, lightHours: 9 }, ordered: ['lightHours'] }])).toHaveProperty('configChangedOnPanel');
    expect(told([first, { ...changed, ordered: ['mealGrams'] }])).toEqual({});
    // The change on the panel itself was never told, and comes with a command's.
    expect(told([first, { values: { ...changed.values, lightHours: 9 }, ordered: ['lightHours'] }])).toEqual({
      configChangedOnPanel: 'changed at the PLC itself, by no command: mealGrams 120 g -> 40 g',
    });
  });

  it('is told from what it was first, through every change after that', () => {
    expect(told([first, { values: { ...first.values, mealGrams: 40 } }, { values: { ...first.values, mealGrams: 30 } }])).toEqual({
      configChangedOnPanel: 'changed at the PLC itself, by no command: mealGrams 120 g -> 30 g',
    });
  });

  it('is always the difference between what was last wanted and what is', () => {
    const value = fc.integer({ min: 1, max: 3 });
    const step = fc.record({ a: value, b: value, ordered: fc.subarray(['a', 'b']), away: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const wanted: Values = {};
        let former: Values = {};
        for (const [index, { a, b, ordered }] of steps.entries()) {
          const values: Values = { a, b };
          for (const name of ['a', 'b']) {
            const isCommanded = ordered.includes(name) && values[name] !== former[name];
            if (index === 0 || isCommanded) wanted[name] = values[name] ?? 0;
          }
          former = values;
        }
        const { deviations } = follow(steps.map(({ a, b, ...step }) => ({ values: { a, b }, ...step })));
        const differing = Object.keys(wanted).filter((name) => wanted[name] !== former[name]);
        expect(new Map(deviations.map(({ parameter, was, is }) => [parameter, [was, is]]))).toEqual(
          new Map(differing.map((name) => [name, [wanted[name], former[name]]])),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
