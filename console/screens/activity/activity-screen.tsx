import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Farm } from '../../farm/farm.ts';
import type { News } from '../../farm/news.ts';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words/words.ts';
import { ActivityFilters } from './activity-filters.tsx';
import { entryMaker, type Entry } from './entries.ts';
import { EntryRow } from './entry-row.tsx';
import { heldEntries, isAskedFor, newsSince, NO_FILTER, type FeederNames, type Filter } from './shown-entries.ts';
import { useToldNow } from './told-now.ts';
import './activity.css';

/** What happens on the farm, as it happens. It may be held, so that it does not move under the finger. */
export function ActivityScreen({ farm }: { farm: Farm }): JSX.Element {
  const { activity, common } = words.value;
  const [filter, setFilter] = useState<Filter>(NO_FILTER);
  const [held, setHeld] = useState<readonly News[]>();
  const entriesOf = useMemo(entryMaker, []);

  const news = farm.news.value;
  const feeders = farm.feeders.value;
  const names: FeederNames = (feederId) => feeders.get(feederId)?.facts.peek();
  const entries = entriesOf(held === undefined ? news : [...newsSince(news, held), ...held]);
  const { shown, newer } = held === undefined ? { shown: entries, newer: [] } : heldEntries(entries, new Set(entriesOf(held).map(({ key }) => key)));
  const isWanted = (entry: Entry): boolean => isAskedFor(filter, entry, names);
  const wanted = shown.filter(isWanted);
  const newerCount = newer.filter(isWanted).length;
  const sites = [...new Set([...feeders.values()].map(({ facts }) => facts.peek().site))].sort();
  useToldNow(entries, isWanted);

  return (
    <>
      <h1 tabIndex={-1}>{common.screens.activity}</h1>
      <ActivityFilters filter={filter} sites={sites} onChange={setFilter} />
      <div class="activity-hold">
        {held === undefined ? (
          <Button icon="pause" onClick={() => setHeld(news)}>{activity.hold}</Button>
        ) : (
          <Button kind="main" icon="resume" onClick={() => setHeld(undefined)}>
            {newerCount === 0 ? activity.release : `${activity.release}: ${activity.newer(newerCount)}`}
          </Button>
        )}
        {held !== undefined && <p class="quiet">{activity.held}</p>}
      </div>
      {farm.link.value.kind === 'lost' && <p class="note note-warn">{activity.linkLost}</p>}
      {wanted.length === 0 ? (
        <NothingShown isLoaded={farm.isLoaded.value} isFiltered={shown.length > 0} onShowAll={() => setFilter(NO_FILTER)} />
      ) : (
        <ol class="entries" aria-label={activity.list}>
          {wanted.map((entry) => <EntryRow key={entry.key} farm={farm} entry={entry} />)}
        </ol>
      )}
    </>
  );
}

/** Why the list is empty. */
function NothingShown({ isLoaded, isFiltered, onShowAll }: { isLoaded: boolean; isFiltered: boolean; onShowAll: () => void }): JSX.Element {
  const { activity, common } = words.value;
  if (!isLoaded) return <p class="quiet">{common.loading}</p>;
  if (!isFiltered) return <p class="quiet">{activity.empty}</p>;
  return (
    <div class="activity-none">
      <p>{activity.noneMatch}</p>
      <Button onClick={onShowAll}>{activity.showAll}</Button>
    </div>
  );
}
