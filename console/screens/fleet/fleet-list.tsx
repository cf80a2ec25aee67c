import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { keyOfGroup, type Group } from '../../fleet/arrangement.ts';
import type { FleetOrder } from '../../fleet/fleet-order.ts';
import { withFewNew } from '../../fleet/few-new.ts';
import { FeederRow, RowHeadings } from './feeder-row.tsx';
import { FeederStrip } from './feeder-strip.tsx';
import { FeederTile } from './feeder-tile.tsx';
import { FleetGroup } from './fleet-group.tsx';
import { layout } from './fleet-view.ts';
import type { Fleet } from './listed.ts';
import { useWide } from './use-wide.ts';

/** How many are drawn in full at once when the screen opens; the rest when they are near what is seen. */
const FIRST_DRAWN = 8;
/** How many places are made in one frame. */
const MOST_NEW = 50;

/** The feeders in their groups and order. */
export function FleetList({ fleet, order }: { fleet: Fleet; order: FleetOrder }): JSX.Element {
  const groups = useGradually(order.shown.value);
  const isWide = useWide();
  useKeptFocus();
  let first = FIRST_DRAWN;
  return (
    <>
      {groups.map((group) => {
        const drawn = first;
        first -= group.feederIds.length;
        return (
          <FleetGroup key={keyOfGroup(group.by)} group={group} fleet={fleet}>
            <GroupFeeders fleet={fleet} group={group} isWide={isWide} drawn={drawn} />
          </FleetGroup>
        );
      })}
    </>
  );
}

type GroupFeedersProps = { fleet: Fleet; group: Group; isWide: boolean; drawn: number };

function GroupFeeders({ fleet, group, isWide, drawn }: GroupFeedersProps): JSX.Element {
  const entries = group.feederIds.flatMap((feederId) => fleet.farm.find(feederId) ?? []);
  const isTiles = layout.now.value === 'tiles';
  if (isTiles || !isWide) {
    const Place = isTiles ? FeederTile : FeederStrip;
    return <ul class={isTiles ? 'tiles' : 'strips'}>{entries.map((entry, index) => <Place key={entry.feederId} fleet={fleet} entry={entry} isFirst={index < drawn} />)}</ul>;
  }
  return (
    <table class="fleet-table">
      <RowHeadings />
      <tbody>{entries.map((entry, index) => <FeederRow key={entry.feederId} fleet={fleet} entry={entry} isFirst={index < drawn} />)}</tbody>
    </table>
  );
}

/** The groups, of which a few feeders more are there with each frame: hundreds at once would hold up the page. */
function useGradually(groups: readonly Group[]): readonly Group[] {
  const drawn = useRef<ReadonlySet<string>>(new Set());
  const [, setFrame] = useState(0);
  const now = withFewNew(groups, drawn.current, MOST_NEW);
  useEffect(() => {
    drawn.current = new Set(now.groups.flatMap(({ feederIds }) => feederIds));
    if (now.isAll) return undefined;
    const frame = requestAnimationFrame(() => setFrame((frames) => frames + 1));
    return () => cancelAnimationFrame(frame);
  });
  return now.groups;
}

/** Whoever has the focus keeps it when the list is sorted anew: an element that is moved loses it. */
function useKeptFocus(): void {
  const before = document.activeElement;
  useLayoutEffect(() => {
    if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus({ preventScroll: true });
  });
}
