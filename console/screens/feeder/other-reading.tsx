import { useComputed } from '@preact/signals';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { FeederEntry } from '../../farm/farm.ts';
import { nameOf } from '../../format/values.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Field } from '../../parts/field.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { words } from '../../words/words.ts';
import { CHARTED, readReadings, type FeederHistory } from './read-history.ts';
import { ReadingChart } from './reading-chart.tsx';

/** Any other number that the PLC tells, chosen by its name. */
export function OtherReading({ feeder, history, timeZone }: { feeder: FeederEntry; history: FeederHistory; timeZone: string }): JSX.Element | null {
  const { charts } = words.value;
  const [name, setName] = useState<string>();
  const charted: readonly string[] = Object.values(CHARTED);
  // Readings come all the time; their names do not change with them.
  const names = useComputed(() =>
    Object.entries(feeder.state.value?.values ?? {})
      .flatMap(([each, value]) => (typeof value === 'number' && !charted.includes(each) ? [each] : []))
      .sort()
      .join(' '),
  ).value;
  if (names === '') return null;
  return (
    <div class="other-reading">
      <div class="card">
        <Field label={charts.other.title}>
          {(control) => (
            <select {...control} value={name ?? ''} onChange={(event) => setName(event.currentTarget.value || undefined)}>
              <option value="">{charts.other.none}</option>
              {names.split(' ').map((each) => <option key={each} value={each}>{nameOf(each)}</option>)}
            </select>
          )}
        </Field>
      </div>
      {name !== undefined && <OneReading key={name} feederId={feeder.feederId} name={name} history={history} timeZone={timeZone} />}
    </div>
  );
}

function OneReading({ feederId, name, history, timeZone }: { feederId: string; name: string; history: FeederHistory; timeZone: string }): JSX.Element {
  const { span, asOfMs } = history;
  const { answer, again } = useAsked(async (signal) => {
    const readings = await readReadings(feederId, span, [name], signal);
    return readings.ok ? { ...readings, data: { readings: readings.data, span, asOfMs } } : readings;
  }, [history]);
  switch (answer.kind) {
    case 'loading':
      return <p class="quiet" role="status">{words.value.common.loading}</p>;
    case 'failed':
      return <FailureNote failure={answer.failure} onRetry={again} />;
    case 'ready':
      return <ReadingChart name={name} shown={answer.data} timeZone={timeZone} />;
  }
}
