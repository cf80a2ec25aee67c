import type { JSX } from 'preact';
import { fragmentOf } from '../../device/route.ts';
import type { Farm } from '../../farm/farm.ts';
import { reasonText } from '../../format/failures.ts';
import { formatTimeWithSeconds } from '../../format/times.ts';
import { formatValue, nameOf } from '../../format/values.ts';
import { Icon } from '../../parts/icon.tsx';
import { OldNew } from '../../parts/old-new.tsx';
import { Status } from '../../parts/status.tsx';
import { Ago, Id, Own } from '../../parts/text.tsx';
import { changesOf, type Entry, type ValueChange, type What } from './entries.ts';
import { lookOf, sentenceOf, stateLook, stateText, switchedFeeding } from './sentence.ts';

/** One thing that happened: to which feeder, what, and when by the clock of its site. */
export function EntryRow({ farm, entry }: { farm: Farm; entry: Entry }): JSX.Element {
  const { what, feederId, at } = entry;
  const facts = farm.find(feederId)?.facts.value;
  const { icon, tone } = lookOf(what);
  return (
    <li class="entry">
      <span class={`entry-icon status-${tone}`}><Icon name={icon} /></span>
      <div class="entry-text">
        <p>
          {facts ? <a class="entry-feeder" href={fragmentOf({ screen: 'feeder', feederId })}><Own>{facts.name}</Own></a> : <Id>{feederId}</Id>}
          <span class="entry-sentence">{sentenceOf(entry)}</span>
        </p>
        <Changes what={what} />
        <Outcome what={what} />
      </div>
      <p class="entry-time quiet">
        <bdi>{formatTimeWithSeconds(at, facts?.timeZone)}</bdi> <Ago at={at} timeZone={facts?.timeZone} />
      </p>
    </li>
  );
}

/** What was changed from what to what, where there is something to tell that the sentence does not. */
function Changes({ what }: { what: What }): JSX.Element | null {
  const changes = shownChanges(what);
  if (changes.length === 0) return null;
  return (
    <ul class="entry-changes">
      {changes.map(({ name, old, value }) => (
        <li key={name}>
          {`${nameOf(name)}: `}
          <OldNew old={old === undefined ? undefined : formatValue(name, old)} now={formatValue(name, value)} />
        </li>
      ))}
    </ul>
  );
}

function shownChanges(what: What): readonly ValueChange[] {
  if (what.type === 'config') return what.changes ?? [];
  if (what.type !== 'command' || switchedFeeding(what.command.changes) !== undefined) return [];
  return changesOf(what.command);
}

/** How a command stands, and why it was not done. */
function Outcome({ what }: { what: What }): JSX.Element | null {
  if (what.type !== 'command') return null;
  const { state, reason } = what.command;
  const look = stateLook(state);
  return (
    <p class="entry-outcome">
      <Status tone={look.tone} icon={look.icon}>{stateText(what.command)}</Status>
      {reason !== null && <span class="quiet">{reasonText(reason)}</span>}
    </p>
  );
}
