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

/** The bits of PLCs that mean no fish is fed until someone comes. */
const CRITICAL_BITS: readonly string[] = ['motorJam'];

/** How bad it is that a bit of a PLC is on. */
export const severityOfBit = (name: string): 'warning' | 'critical' => (CRITICAL_BITS.includes(name) ? 'critical' : 'warning');

/** The name of an alarm as words: `motorJam` as "motor jam". */
export const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
