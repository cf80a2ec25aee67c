import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { FeedNowSheet } from './feed-now-sheet.tsx';

/** Feeds one dose, for whoever may, where the feeder takes doses. */
export function FeedNowButton({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element | null {
  const [isAsking, setAsking] = useState(false);
  const { name, profile } = feeder.facts.value;
  if (!may('operator') || profile?.kinds.includes('feed-now') !== true) return null;
  const { feedNow } = words.value.change;
  const isUnderWay = changes.pendingOf(feeder.feederId).some(({ order }) => order.kind === 'feed-now');
  return (
    <>
      <Button icon={isUnderWay ? 'pending' : 'feed'} label={feedNow.ofFeeder(isolated(name))} disabled={!farm.canChange.value} onClick={() => setAsking(true)}>
        {isUnderWay ? feedNow.under : feedNow.action}
      </Button>
      {isAsking && <FeedNowSheet farm={farm} changes={changes} feeder={feeder} onClose={() => setAsking(false)} />}
    </>
  );
}
