import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Attempt } from '../../change/attempt.ts';
import type { Changes } from '../../change/changes.ts';
import { bridgeNowMs } from '../../device/clock.ts';
import { fragmentOf } from '../../device/route.ts';
import type { Farm } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { Id, Own } from '../../parts/text.tsx';
import type { Tone } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';
import { attemptText, orderText, toneOf } from './change-text.ts';
import { ChangedMeanwhileSheet } from './changed-meanwhile-sheet.tsx';
import './change.css';

const NOTES: Record<Tone, { look: string; icon: IconName }> = {
  good: { look: 'note-good', icon: 'check' },
  bad: { look: 'note-bad', icon: 'critical' },
  warn: { look: 'note-warn', icon: 'alarm' },
  pending: { look: 'note-calm', icon: 'pending' },
  calm: { look: 'note-calm', icon: 'info' },
};

type OutcomeNoteProps = {
  farm: Farm;
  changes: Changes;
  attempt: Attempt;
  /** Whether it stands on its feeder's own screen. */
  isAtFeeder: boolean;
};

/** What has become of a change, with what to do next. Who listens hears it from the announcer. */
export function OutcomeNote({ farm, changes, attempt, isAtFeeder }: OutcomeNoteProps): JSX.Element {
  const { change } = words.value;
  const { feederId, order, seen, progress } = attempt;
  const feeder = farm.find(feederId);
  const profile = feeder?.facts.value.profile ?? null;
  const { look, icon } = NOTES[toneOf(attempt)];
  const isChoice = isChoiceOf(attempt);
  const [isChoosing, setChoosing] = useState(isChoice && isAtFeeder && bridgeNowMs() - attempt.askedAtMs < JUST_NOW_MS);
  return (
    <div class={`note ${look} outcome`}>
      <Icon name={icon} />
      <div>
        <p class="outcome-what">
          {!isAtFeeder && <><a href={fragmentOf({ screen: 'feeder', feederId })}><Own>{feeder?.facts.value.name ?? feederId}</Own></a>: </>}
          {orderText(order, profile)}
        </p>
        <p>{attemptText(attempt, profile)}</p>
        {isAtFeeder && <Technical attempt={attempt} />}
        {isChoice && feeder && isAtFeeder && <Button onClick={() => setChoosing(true)}>{change.meanwhile.look}</Button>}
      </div>
      {progress.kind === 'ended' && <Button kind="quiet" icon="close" label={change.dismiss} onClick={() => changes.dismiss(attempt)} />}
      {isChoosing && isChoice && feeder && seen && order.kind === 'set-config' && (
        <ChangedMeanwhileSheet farm={farm} changes={changes} feeder={feeder} attempt={attempt} wanted={order.changes} seen={seen} onClose={() => setChoosing(false)} />
      )}
    </div>
  );
}

/** A choice that came just now opens by itself: whoever sent the change is still looking. */
const JUST_NOW_MS = 20_000;

const isChoiceOf = ({ progress, order, seen }: Attempt): boolean =>
  progress.kind === 'ended' && progress.ending.kind === 'changed-meanwhile' && order.kind === 'set-config' && seen !== undefined;

/** What the bridge or the agent said of it, in its own words. */
function Technical({ attempt: { progress } }: { attempt: Attempt }): JSX.Element | null {
  if (progress.kind !== 'ended') return null;
  const { ending } = progress;
  const said =
    ending.kind === 'rejected' && ending.reason
      ? { code: ending.reason.code, text: ending.reason.message }
      : (ending.kind === 'refused' || ending.kind === 'invalid') && ending.problem
        ? { code: ending.problem.code, text: ending.problem.detail }
        : undefined;
  if (said === undefined) return null;
  return (
    <details>
      <summary>{words.value.common.technicalDetails}</summary>
      <p lang="en" dir="ltr"><Id>{said.code}</Id> {said.text}</p>
    </details>
  );
}
