import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { keyOfGroup, type Group } from '../../fleet/arrangement.ts';
import { needsAttention } from '../../fleet/standing.ts';
import { Icon } from '../../parts/icon.tsx';
import { Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { folded, toggleFolded } from './fleet-view.ts';
import type { Fleet } from './listed.ts';

type FleetGroupProps = { group: Group; fleet: Fleet; children: ComponentChildren };

/** Feeders under a heading, by which they are folded up. */
export function FleetGroup({ group, fleet, children }: FleetGroupProps): JSX.Element {
  const id = useId();
  const key = keyOfGroup(group.by);
  if (group.by.kind === 'none') {
    return (
      <section aria-labelledby={id}>
        <h2 id={id} class="only-heard">{words.value.fleet.feeders(group.feederIds.length)}</h2>
        {children}
      </section>
    );
  }
  const isFolded = folded.value.has(key);
  return (
    <section class="group" aria-labelledby={id}>
      <h2>
        <button type="button" id={id} class="group-heading" aria-expanded={!isFolded} onClick={() => toggleFolded(key)}>
          <Icon name={isFolded ? 'forward' : 'down'} />
          <span>{group.by.kind === 'site' ? <Own>{group.by.site}</Own> : words.value.fleet.conditions[group.by.condition]}</span>
          <GroupCount group={group} fleet={fleet} />
        </button>
      </h2>
      {!isFolded && children}
    </section>
  );
}

/** How many are in it, and at a site how many of them need someone. */
function GroupCount({ group, fleet }: Omit<FleetGroupProps, 'children'>): JSX.Element {
  const feeders = words.value.fleet.feeders(group.feederIds.length);
  if (group.by.kind !== 'site') return <span class="group-count">{feeders}</span>;
  const needing = group.feederIds.filter((feederId) => {
    const entry = fleet.farm.find(feederId);
    return entry !== undefined && needsAttention(fleet.standings.of(entry).value);
  }).length;
  return <span class="group-count">{needing === 0 ? feeders : `${feeders} · ${words.value.fleet.needAttention(needing)}`}</span>;
}
