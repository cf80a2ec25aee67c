import { describe, expect, it } from 'vitest';
import type { FeederOverview } from '../../console/api/shapes.ts';
import type { FeederFacts } from '../../console/farm/feeder-after.ts';
import { conditionOf, countConcerns, isSameStanding, standingOf } from '../../console/fleet/standing.ts';

const FACTS: FeederFacts = {
  feederId: 'pond-1',
  name: 'Upper pond',
  site: 'north',
  timeZone: 'UTC',
  presence: 'online',
  plc: 'ok',
  lastSeenAt: '2026-02-03T12:00:00.000Z',
  config: { version: 1, values: { mealGrams: 100, feedingEnabled: true }, readAt: '2026-02-03T12:00:00.000Z', source: 'start' },
  profile: null,
};

const OVERVIEW: FeederOverview = {
  feederId: 'pond-1',
  at: '2026-02-03T12:00:00.000Z',
  today: { date: '2026-02-03', meals: 0, fedGrams: 0, plannedGrams: null, plannedSoFarGrams: null },
  lastMeal: null,
  lastDose: null,
  hopper: { grams: 10_000, readAt: '2026-02-03T12:00:00.000Z', gramsPerDay: 1_000, daysLeft: 10, emptyAt: '2026-02-13T12:00:00.000Z' },
  presence: [],
  openAlarms: [],
  openAlarmCount: 0,
};

const alarm = (name: string, severity: 'info' | 'warning' | 'critical'): Partial<FeederOverview> => ({
  openAlarms: [{ alarmId: 'a', feederId: 'pond-1', name, origin: 'bridge', severity, detail: '', state: 'open', raisedAt: OVERVIEW.at, clearedAt: null, acknowledgedAt: null, acknowledgedBy: null }],
  openAlarmCount: 1,
});

const conditionWith = (facts: Partial<FeederFacts>, overview: Partial<FeederOverview> = {}): string =>
  conditionOf(standingOf({ ...FACTS, ...facts }, { ...OVERVIEW, ...overview }));

const paused = { config: { version: 2, values: { feedingEnabled: false }, readAt: OVERVIEW.at, source: 'command' as const } };

describe('the condition of a feeder', () => {
  it('is the worst of what is the matter', () => {
    expect(conditionWith({})).toBe('fine');
    expect(conditionWith({}, { hopper: { ...OVERVIEW.hopper, daysLeft: 2.9 } })).toBe('hopperSoonEmpty');
    expect(conditionWith(paused, { hopper: { ...OVERVIEW.hopper, daysLeft: 1 } })).toBe('paused');
    expect(conditionWith(paused, alarm('hopperLow', 'warning'))).toBe('alarm');
    expect(conditionWith({ ...paused, presence: 'offline', plc: 'unknown' }, alarm('agentLost', 'warning'))).toBe('offline');
    expect(conditionWith({ plc: 'unreachable' }, alarm('oxygenLow', 'warning'))).toBe('plcUnreachable');
    expect(conditionWith({ presence: 'offline', plc: 'unknown' }, alarm('motorJam', 'critical'))).toBe('critical');
  });

  it('is not called fine before all of it is known', () => {
    expect(conditionOf(standingOf(FACTS, undefined))).toBe('unknown');
    expect(conditionWith({ plc: 'unknown' })).toBe('unknown');
    expect(conditionWith({ config: null })).toBe('unknown');
    expect(conditionOf(standingOf({ ...FACTS, presence: 'offline' }, undefined))).toBe('offline');
  });
});

describe('how a feeder stands', () => {
  it('is the same whatever its readings and times are', () => {
    const later = { ...OVERVIEW, at: '2026-02-03T12:01:00.000Z', hopper: { ...OVERVIEW.hopper, grams: 9_900, daysLeft: 9.9 } };
    expect(isSameStanding(standingOf(FACTS, OVERVIEW), standingOf({ ...FACTS, lastSeenAt: later.at }, later))).toBe(true);
    expect(isSameStanding(standingOf(FACTS, OVERVIEW), standingOf({ ...FACTS, plc: 'unreachable' }, OVERVIEW))).toBe(false);
    expect(isSameStanding(standingOf(FACTS, OVERVIEW), standingOf(FACTS, undefined))).toBe(false);
  });
});

describe('the numbers of the fleet', () => {
  it('count a feeder under each of its concerns', () => {
    const both = standingOf({ ...FACTS, ...paused, presence: 'offline', plc: 'unknown' }, { ...OVERVIEW, ...alarm('hopperEmptySoon', 'warning') });
    const fine = standingOf(FACTS, OVERVIEW);
    expect(countConcerns([both, fine])).toEqual({ alarms: 1, plcUnreachable: 0, offline: 1, paused: 1, hopperSoonEmpty: 1 });
  });

  it('say nothing of alarms before any were told', () => {
    expect(countConcerns([standingOf(FACTS, undefined)])).toEqual({ alarms: undefined, plcUnreachable: 0, offline: 0, paused: 0, hopperSoonEmpty: undefined });
    expect(countConcerns([])).toMatchObject({ alarms: 0 });
  });
});
