import type { Moment } from '../clock.ts';
import type { Observed } from '../spool/observed.ts';
import type { Told } from './told.ts';

/** The alarms as they were looked at last, and since when each is as it is. */
export type AlarmsSeen = { at: Moment; byName: ReadonlyMap<string, AlarmSeen> };
type AlarmSeen = { isActive: boolean; since: Moment };

/** What is known of the alarms after another look at them. */
export function alarmsSeen(before: AlarmsSeen | undefined, alarms: Readonly<Record<string, boolean>>, at: Moment): AlarmsSeen {
  const byName = Object.entries(alarms).map(([name, isActive]): [string, AlarmSeen] => {
    const known = before?.byName.get(name);
    return [name, known?.isActive === isActive ? known : { isActive, since: at }];
  });
  return { at, byName: new Map(byName) };
}

/**
 * The alarms that were raised or cleared. In a new spool all of them: one that an earlier spool had as raised may have been
 * cleared since. One that the register map has no more is cleared.
 */
export function alarmsTold(observed: Observed, { at, byName }: AlarmsSeen): Told {
  const { activeAlarms } = observed;
  const gone = (activeAlarms ?? []).filter((name) => !byName.has(name));
  const all = [...byName, ...gone.map((name): [string, AlarmSeen] => [name, { isActive: false, since: at }])];
  const news = all.filter(([name, { isActive }]) => activeAlarms?.includes(name) !== isActive);
  return {
    happened: news.map(([name, { isActive, since }]) => ({ at: since, record: { kind: 'alarm', name, active: isActive } })),
    observed: { ...observed, activeAlarms: all.flatMap(([name, { isActive }]) => (isActive ? [name] : [])) },
  };
}
