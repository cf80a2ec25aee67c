import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import { feedingState } from '../../change/pending.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { AskOnceSheet } from './ask-once-sheet.tsx';

/**
 * Pauses a feeder, or resumes one that is paused; it asks once. It is there for whoever may and for feeders that can be
 * paused, and only a lost link to the bridge disables it. A pause that is under way is said to be no more than that.
 */
export function PauseButton({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element | null {
  const [asking, setAsking] = useState<'pause' | 'resume'>();
  const { name, config, profile } = feeder.facts.value;
  const held = config?.values['feedingEnabled'];
  const canPause = held !== undefined || (profile?.parameters.some((each) => each.name === 'feedingEnabled') ?? false);
  if (!may('operator') || !canPause) return null;
  const { change } = words.value;
  const state = feedingState(held, changes.pendingOf(feeder.feederId));
  const isPausing = state === 'pausing';
  const kind = state === 'paused' ? 'resume' : 'pause';
  const own = isolated(name);
  return (
    <>
      <Button
        icon={isPausing ? 'pending' : kind}
        label={isPausing ? `${change.pause.under} ${own}` : change[kind].ofFeeder(own)}
        disabled={!farm.canChange.value}
        onClick={() => setAsking(kind)}
      >
        {isPausing ? change.pause.under : change[kind].action}
      </Button>
      {asking !== undefined && (
        <AskOnceSheet
          farm={farm}
          changes={changes}
          feeder={feeder}
          order={{ kind: asking }}
          title={change[asking].title(own)}
          text={change[asking].text}
          action={change[asking].action}
          icon={asking}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}
