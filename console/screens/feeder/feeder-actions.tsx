import type { JSX } from 'preact';
import type { Changes } from '../../change/changes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { ClearAlarmsButton } from '../change/clear-alarms-button.tsx';
import { FeedNowButton } from '../change/feed-now-button.tsx';
import { PauseButton } from '../change/pause-button.tsx';

/** What one does with a feeder: on a phone always within reach of the thumb. */
export function FeederActions({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element | null {
  if (!may('operator')) return null;
  return (
    <div class="feeder-actions" role="group" aria-label={words.value.feeder.actions}>
      <PauseButton farm={farm} changes={changes} feeder={feeder} />
      <FeedNowButton farm={farm} changes={changes} feeder={feeder} />
      <ClearAlarmsButton farm={farm} changes={changes} feeder={feeder} />
    </div>
  );
}
