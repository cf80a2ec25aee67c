import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Values } from '../../api/shapes.ts';
import type { Attempt } from '../../change/attempt.ts';
import type { Changes } from '../../change/changes.ts';
import { comparison } from '../../change/comparison.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { formatSetting, nameOf } from '../../format/values.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { OldNew } from '../../parts/old-new.tsx';
import { Sheet } from '../../parts/sheet.tsx';
import { Ago, Amount } from '../../parts/text.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { parameterOf } from './change-text.ts';
import { ObstacleNote } from './obstacle-note.tsx';
import './change.css';

type Seen = { version: number; values: Values };
type ChangedMeanwhileProps = { farm: Farm; changes: Changes; feeder: FeederEntry; attempt: Attempt; wanted: Values; seen: Seen; onClose: () => void };

/** The settings were changed under somebody's hands: what they saw, what is there now and what they want, and the choice. */
export function ChangedMeanwhileSheet({ farm, changes, feeder, attempt, wanted, seen, onClose }: ChangedMeanwhileProps): JSX.Element {
  const { feederId } = feeder;
  const { answer, again } = useAsked(
    async (signal) => {
      const read = await asked(() => api.GET('/feeders/{feederId}/config', { params: { path: { feederId } }, signal }));
      if (read.ok) farm.takeConfig(feederId, read.data);
      return read;
    },
    [feederId],
  );
  const { common, change, names } = words.value;
  const { meanwhile } = change;
  const { config: now, profile, timeZone } = feeder.facts.value;
  const obstacle = obstacleTo(farm.link.value, feeder.facts.value);
  const waits = changes.pendingOf(feederId).some(({ order }) => order.kind !== 'feed-now' && order.kind !== 'clear-alarms');
  const { rows, others, remaining } = comparison(seen.values, now?.values ?? {}, wanted, profile?.parameters ?? []);
  const prepared = useMemo(() => now && changes.prepare(feederId, { kind: 'set-config', changes: remaining }, now), [now?.version]);
  const isReady = answer.kind === 'ready' && !answer.isOld;
  const isNothingLeft = Object.keys(remaining).length === 0;
  const value = (name: string, values: Values): string => formatSetting(name, values[name], parameterOf(profile, name));
  const settle = (): void => {
    changes.dismiss(attempt);
    onClose();
  };
  return (
    <Sheet
      title={meanwhile.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={settle}>{meanwhile.keep}</Button>
          {!isNothingLeft && prepared && (
            <Button
              kind="main"
              disabled={!isReady || waits || obstacle !== undefined}
              onClick={() => {
                changes.send(prepared);
                settle();
              }}
            >
              {meanwhile.apply}
            </Button>
          )}
        </>
      }
    >
      <p>{meanwhile.text}</p>
      {answer.kind === 'failed' ? <FailureNote failure={answer.failure} onRetry={again} /> : !isReady && <p class="quiet" role="status">{meanwhile.reading}</p>}
      {now !== null && (
        <>
          <div class="change-scroll">
            <table class="change-table">
              <caption class="only-heard">{meanwhile.caption}</caption>
              <thead>
                <tr><th scope="col">{change.settings.setting}</th><th scope="col">{meanwhile.saw}</th><th scope="col">{meanwhile.isNow}</th><th scope="col">{meanwhile.want}</th></tr>
              </thead>
              <tbody>
                {rows.map(({ name, isChanged }) => (
                  <tr key={name}>
                    <th scope="row">{nameOf(name)}</th>
                    <td><Amount>{value(name, seen.values)}</Amount></td>
                    <td class={isChanged ? 'change-other' : undefined}><Amount>{value(name, now.values)}</Amount></td>
                    <td><strong><Amount>{value(name, wanted)}</Amount></strong></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {others.length > 0 && (
            <section>
              <h3>{meanwhile.otherChanges}</h3>
              <ul class="change-rows">
                {others.map((name) => (
                  <li key={name}><span class="change-name">{nameOf(name)}</span><OldNew old={value(name, seen.values)} now={value(name, now.values)} /></li>
                ))}
              </ul>
            </section>
          )}
          {isReady && others.length === 0 && rows.every(({ isChanged }) => !isChanged) && <p>{meanwhile.same}</p>}
          <p class="quiet">{change.settings.asOf} <Ago at={now.readAt} timeZone={timeZone} often /> ({names.sources[now.source]})</p>
        </>
      )}
      {now === null && <p>{common.unknown}</p>}
      {obstacle !== undefined && <ObstacleNote obstacle={obstacle} />}
      {waits && <p class="note note-warn"><Icon name="pending" /><span>{meanwhile.waits}</span></p>}
    </Sheet>
  );
}
