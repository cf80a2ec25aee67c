import type { JSX } from 'preact';
import type { Alarm, FeederOverview } from '../../api/shapes.ts';
import { alarmName } from '../../format/values.ts';
import type { IconName } from '../../parts/icon.tsx';
import { Status, type Tone } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';

const LOOKS: Record<Alarm['severity'], { tone: Tone; icon: IconName }> = {
  critical: { tone: 'bad', icon: 'critical' },
  warning: { tone: 'warn', icon: 'alarm' },
  info: { tone: 'calm', icon: 'info' },
};

const MOST_NAMED = 2;

/** The worst alarms that are open, and how many more there are. */
export function OpenAlarms({ openAlarms, openAlarmCount }: Pick<FeederOverview, 'openAlarms' | 'openAlarmCount'>): JSX.Element {
  const { fleet, alarms } = words.value;
  const named = openAlarms.slice(0, MOST_NAMED);
  if (named.length === 0) return <p class="quiet">{fleet.noAlarms}</p>;
  const more = openAlarmCount - named.length;
  return (
    <ul class="open-alarms">
      {named.map(({ alarmId, name, severity }) => (
        <li key={alarmId}>
          <Status {...LOOKS[severity]}>{alarmName(name)}</Status>
          <span class="only-heard"> ({alarms.severities[severity]})</span>
        </li>
      ))}
      {more > 0 && <li class="quiet">{fleet.moreAlarms(more)}</li>}
    </ul>
  );
}
