/** What a rule says of one alarm: where it is not known, an open one stays open and none is raised. */
export type Verdict = { state: 'active'; detail: string } | { state: 'over' } | { state: 'unknown' };

export const ACTIVE = (detail: string): Verdict => ({ state: 'active', detail });
export const OVER: Verdict = { state: 'over' };
export const UNKNOWN: Verdict = { state: 'unknown' };

/** The bridge's own alarms and how bad each is. */
export const SEVERITIES = {
  hopperEmptySoon: 'warning',
  mealsMissed: 'critical',
  feedingTooLong: 'critical',
  plcLost: 'critical',
  agentLost: 'warning',
  oxygenLow: 'critical',
  temperatureLow: 'warning',
  temperatureHigh: 'warning',
  configChangedOnPanel: 'warning',
  configFellBack: 'critical',
} as const satisfies Record<string, 'info' | 'warning' | 'critical'>;
export type AlarmName = keyof typeof SEVERITIES;

const isAlarmName = (name: string): name is AlarmName => name in SEVERITIES;
export const ALARM_NAMES = Object.keys(SEVERITIES).filter(isAlarmName);
