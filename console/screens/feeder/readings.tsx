import type { JSX } from 'preact';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { formatValue, nameOf } from '../../format/values.ts';
import { Status } from '../../parts/status.tsx';
import { Ago, Amount } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

/** The latest readings with their age; what is old, or not to be trusted, is said to be so. */
export function Readings({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { now } = words.value.feeder;
  const { presence, timeZone } = feeder.facts.value;
  const state = feeder.state.value;
  if (state === null) return <p class="quiet">{now.noReadings}</p>;
  const isLast = presence === 'offline' || !farm.canChange.value;
  return (
    <>
      <h3>{now.readings}</h3>
      <ul class={isLast ? 'readings readings-old' : 'readings'}>
        {Object.entries(state.values).map(([name, value]) => (
          <li key={name}>
            <span class="quiet">{nameOf(name)}</span>
            <strong><Amount>{formatValue(name, value)}</Amount></strong>
            {state.quality[name] !== undefined && <Status tone={state.quality[name] === 'bad' ? 'bad' : 'warn'} icon="alarm">{now[state.quality[name]]}</Status>}
          </li>
        ))}
      </ul>
      <p class={isLast ? 'warn' : 'quiet'}>{isLast ? now.asOf : now.readAt} <Ago at={state.at} timeZone={timeZone} often /></p>
    </>
  );
}
