import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import { fragmentOf } from '../../device/route.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { words } from '../../words/words.ts';
import { OutcomeNote } from '../change/outcome-note.tsx';
import { isWorthNote } from '../change/outcomes.tsx';
import { AlarmsSection } from './alarms-section.tsx';
import { ConfigSection } from './config-section.tsx';
import { FeederActions } from './feeder-actions.tsx';
import { FeederHead } from './feeder-head.tsx';
import { HistorySection } from './history-section.tsx';
import { LedgerSection } from './ledger-section.tsx';
import { NowSection } from './now-section.tsx';
import { partId, PartsNavigation } from './parts-navigation.tsx';
import './feeder.css';

/** All of one feeder: how it is now, its settings, its alarms, its history and who changed what. */
export function FeederScreen({ farm, changes, feederId }: { farm: Farm; changes: Changes; feederId: string }): JSX.Element {
  const feeder = farm.find(feederId);
  if (feeder !== undefined) return <FoundFeeder farm={farm} changes={changes} feeder={feeder} />;
  const { common, feeder: said } = words.value;
  if (!farm.isLoaded.value) return <h1 tabIndex={-1}>{said.loading}</h1>;
  return (
    <>
      <h1 tabIndex={-1}>{said.notThere}</h1>
      <p><a class="button button-main" href={fragmentOf({ screen: 'fleet' })}>{common.notFound.toFleet}</a></p>
    </>
  );
}

function FoundFeeder({ farm, changes, feeder }: { farm: Farm; changes: Changes; feeder: FeederEntry }): JSX.Element {
  const { feederId } = feeder;
  const isLive = farm.canChange.value;
  // What others have under way is told by events from now on; what was before that is read, and anew after each gap.
  useEffect(() => {
    if (isLive) void changes.readUnderWay(feederId);
  }, [changes, feederId, isLive]);
  const notes = changes.attemptsOf(feederId).filter(isWorthNote);
  return (
    <div class="feeder">
      <FeederHead farm={farm} feeder={feeder} />
      <FeederActions farm={farm} changes={changes} feeder={feeder} />
      {notes.length > 0 && (
        <section class="feeder-notes" aria-label={words.value.change.outcomes}>
          {notes.map((attempt) => <OutcomeNote key={attempt.key} farm={farm} changes={changes} attempt={attempt} isAtFeeder />)}
        </section>
      )}
      <PartsNavigation />
      <div class="feeder-pair">
        <div id={partId('now')}><NowSection farm={farm} feeder={feeder} /></div>
        <div id={partId('config')}><ConfigSection farm={farm} changes={changes} feeder={feeder} /></div>
      </div>
      <div id={partId('alarms')}><AlarmsSection farm={farm} feeder={feeder} /></div>
      <div id={partId('history')}><HistorySection farm={farm} feeder={feeder} /></div>
      <div id={partId('ledger')}><LedgerSection farm={farm} feeder={feeder} /></div>
    </div>
  );
}
