import type { JSX } from 'preact';
import type { FeederOverview } from '../../api/shapes.ts';
import { alarmName } from '../../format/values.ts';
import { SEVERITY_LOOKS } from '../../parts/severity-looks.ts';
import { Status } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';

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
          <Status {...SEVERITY_LOOKS[severity]}>{alarmName(name)}</Status>
          <span class="only-heard"> ({alarms.severities[severity]})</span>
        </li>
      ))}
      {more > 0 && <li class="quiet">{fleet.moreAlarms(more)}</li>}
    </ul>
  );
}
