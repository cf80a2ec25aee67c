import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Changes } from '../../change/changes.ts';
import type { Farm } from '../../farm/farm.ts';
import { FleetOrder } from '../../fleet/fleet-order.ts';
import { words } from '../../words/words.ts';
import { FleetControls } from './fleet-controls.tsx';
import { LoadingPlaces, LoadingStatus, NoFeeders, NoneMatch } from './fleet-empty.tsx';
import { FleetList } from './fleet-list.tsx';
import { fleetStandings } from './fleet-standings.ts';
import { FleetStatus } from './fleet-status.tsx';
import { FleetSummary } from './fleet-summary.tsx';
import { wanted } from './fleet-view.ts';
import './fleet.css';
import type { Fleet } from './listed.ts';
import { pageWith } from './list-page.ts';

/** Every feeder at a glance, what needs someone first. */
export function FleetScreen({ farm, changes }: { farm: Farm; changes: Changes }): JSX.Element {
  const fleet = useMemo(() => ({ farm, changes, standings: fleetStandings(farm) }), [farm, changes]);
  return (
    <>
      <h1 tabIndex={-1}>{words.value.common.screens.fleet}</h1>
      <FleetContent fleet={fleet} />
    </>
  );
}

function FleetContent({ fleet }: { fleet: Fleet }): JSX.Element {
  const { farm } = fleet;
  return farm.isLoaded.value && farm.feeders.value.size === 0 ? <NoFeeders /> : <Feeders fleet={fleet} />;
}

function Feeders({ fleet }: { fleet: Fleet }): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const order = useMemo(() => new FleetOrder(fleet.standings.all, wanted, pageWith(() => list.current)), [fleet]);
  useEffect(() => order.start(), [order]);
  const all = fleet.farm.feeders.value.size;
  return (
    <>
      <FleetSummary fleet={fleet} />
      <FleetControls fleet={fleet} />
      {all === 0 ? <LoadingStatus farm={fleet.farm} /> : <FleetStatus order={order} all={all} />}
      <div
        ref={list}
        class="fleet"
        onPointerMove={() => order.hold('pointing')}
        onPointerDown={() => order.hold('pointing')}
        onWheel={() => order.hold('pointing')}
        onPointerLeave={({ pointerType }) => {
          // A finger that was lifted is about to come down again.
          if (pointerType === 'mouse') order.release('pointing');
        }}
        onFocusIn={() => order.hold('focus')}
        onKeyDown={() => order.hold('focus')}
        onFocusOut={({ relatedTarget }) => {
          if (!(relatedTarget instanceof Node && list.current?.contains(relatedTarget) === true)) order.release('focus');
        }}
      >
        {all === 0 ? <LoadingPlaces /> : order.shown.value.length === 0 ? <NoneMatch /> : <FleetList fleet={fleet} order={order} />}
      </div>
    </>
  );
}
