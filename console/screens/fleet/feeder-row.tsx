import type { JSX } from 'preact';
import { conditionOf } from '../../fleet/standing.ts';
import { Ago } from '../../parts/text.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { PauseButton } from '../change/pause-button.tsx';
import { FedToday } from './fed-today.tsx';
import { FeederLink, FeederWhere } from './feeder-name.tsx';
import { FeederStanding, LastSeen } from './feeder-standing.tsx';
import { HopperLeft } from './hopper-left.tsx';
import { LastFed } from './last-fed.tsx';
import type { Listed } from './listed.ts';
import { OpenAlarms } from './open-alarms.tsx';
import { PresenceBar } from './presence-bar.tsx';
import { useNear } from './use-near.ts';

/** The headings of the table, in the order of a row's cells. */
export function RowHeadings(): JSX.Element {
  const { fleet } = words.value;
  return (
    <thead>
      <tr>
        <th scope="col">{fleet.columns.feeder}</th>
        <th scope="col">{fleet.columns.condition}</th>
        <th scope="col">{fleet.alarms}</th>
        <th scope="col">{fleet.fedToday}</th>
        <th scope="col">{fleet.hopper}</th>
        <th scope="col">{fleet.last24Hours}</th>
        {may('operator') && <th scope="col" class="column-actions"><span class="only-heard">{fleet.columns.actions}</span></th>}
      </tr>
    </thead>
  );
}

/** A feeder as a row of the table on a wide screen. Like a tile, it is short away from what is seen. */
export function FeederRow({ fleet, entry, isFirst }: Listed): JSX.Element {
  const { place, nearness } = useNear<HTMLTableRowElement>(isFirst);
  const standing = fleet.standings.of(entry).value;
  return (
    <tr ref={place} data-condition={conditionOf(standing)} style={nearness.keptBlockSize === undefined ? undefined : { blockSize: `${nearness.keptBlockSize}px` }}>
      <th scope="row">
        <FeederLink standing={standing} />
        <FeederWhere standing={standing} />
      </th>
      <td>
        <FeederStanding standing={standing} />
        {nearness.isNear && <LastSeen facts={entry.facts.value} />}
      </td>
      {nearness.isNear && <RowCells fleet={fleet} entry={entry} />}
    </tr>
  );
}

function RowCells({ fleet: { farm, changes }, entry }: Omit<Listed, 'isFirst'>): JSX.Element {
  const { fleet, common } = words.value;
  const facts = entry.facts.value;
  const overview = entry.overview.value;
  const isOld = farm.link.value.kind === 'lost';
  return (
    <>
      {overview === undefined ? (
        <td colSpan={4} class="quiet">{common.loading}</td>
      ) : (
        <>
          <td>
            <OpenAlarms {...overview} />
            {isOld && <p class="as-of">{fleet.asOf} <Ago at={overview.at} timeZone={facts.timeZone} /></p>}
          </td>
          <td>
            <FedToday facts={facts} today={overview.today} />
            <div class="quiet">{fleet.lastFed} <LastFed lastMeal={overview.lastMeal} timeZone={facts.timeZone} /></div>
          </td>
          <td><HopperLeft hopper={overview.hopper} timeZone={facts.timeZone} /></td>
          <td><PresenceBar overview={overview} timeZone={facts.timeZone} isOld={isOld} /></td>
        </>
      )}
      {may('operator') && <td><PauseButton farm={farm} changes={changes} feeder={entry} /></td>}
    </>
  );
}
