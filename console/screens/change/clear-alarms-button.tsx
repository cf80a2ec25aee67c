import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { Button } from '../../parts/button.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { AskOnceSheet } from './ask-once-sheet.tsx';

/** Tells the PLC to let go of its alarms; it asks once. */
export function ClearAlarmsButton({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element | null {
  const [isAsking, setAsking] = useState(false);
  const { name, profile } = feeder.facts.value;
  if (!may('operator') || profile?.kinds.includes('clear-alarms') !== true) return null;
  const { clearAlarms } = words.value.change;
  const isUnderWay = changes.pendingOf(feeder.feederId).some(({ order }) => order.kind === 'clear-alarms');
  const own = isolated(name);
  return (
    <>
      <Button
        icon={isUnderWay ? 'pending' : 'alarm'}
        label={clearAlarms.ofFeeder(own)}
        disabled={!farm.canChange.value}
        onClick={() => setAsking(true)}
      >
        {isUnderWay ? clearAlarms.under : clearAlarms.action}
      </Button>
      {isAsking && (
        <AskOnceSheet
          farm={farm}
          changes={changes}
          feeder={feeder}
          order={{ kind: 'clear-alarms' }}
          title={clearAlarms.title(own)}
          text={clearAlarms.text}
          action={clearAlarms.action}
          icon="alarm"
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
