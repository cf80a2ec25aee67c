import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Amount } from '../../parts/text.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { api, may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { thresholdChanges } from './threshold-changes.ts';
import { THRESHOLDS } from './threshold-draft.ts';
import { thresholdText } from './threshold-text.ts';
import { ThresholdSheet } from './threshold-sheet.tsx';

/** When the bridge raises alarms for a feeder, and a way to change that for those who may. */
export function ThresholdList({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { common, alarms } = words.value;
  const { thresholds } = alarms;
  const { feederId } = feeder;
  const [isChanging, setChanging] = useState(false);
  const { answer, again } = useAsked(
    (signal) => asked(() => api.GET('/feeders/{feederId}/alarm-thresholds', { params: { path: { feederId } }, signal })),
    [thresholdChanges.value],
  );
  switch (answer.kind) {
    case 'loading':
      return <p class="quiet" role="status">{common.loading}</p>;
    case 'failed':
      return <FailureNote failure={answer.failure} onRetry={again} />;
    case 'ready':
      return (
        <>
          <dl class="thresholds" aria-busy={answer.isOld}>
            {THRESHOLDS.map(({ name, unit }) => (
              <div key={name}>
                <dt>{thresholds.names[name]}</dt>
                <dd class={answer.data[name] === null ? 'quiet' : ''}><Amount>{thresholdText(answer.data[name], unit)}</Amount></dd>
              </div>
            ))}
          </dl>
          <p class="hint">{thresholds.hint}</p>
          {may('operator') && <Button icon="edit" disabled={!farm.canChange.value} onClick={() => setChanging(true)}>{thresholds.change}</Button>}
          {isChanging && <ThresholdSheet farm={farm} feeder={feeder} held={answer.data} onClose={() => setChanging(false)} />}
        </>
      );
  }
}
