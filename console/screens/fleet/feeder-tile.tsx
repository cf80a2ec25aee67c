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

/** A feeder at a glance. Away from what is seen it is its name and how it stands, and no more: those are never old. */
export function FeederTile({ fleet, entry, isFirst }: Listed): JSX.Element {
  const { place, nearness } = useNear<HTMLLIElement>(isFirst);
  const standing = fleet.standings.of(entry).value;
  return (
    <li ref={place} class="tile card" data-condition={conditionOf(standing)} style={nearness.keptBlockSize === undefined ? undefined : { minBlockSize: `${nearness.keptBlockSize}px` }}>
      <h3><FeederLink standing={standing} /></h3>
      <FeederWhere standing={standing} />
      <FeederStanding standing={standing} />
      {nearness.isNear && <TileBody fleet={fleet} entry={entry} />}
    </li>
  );
}

function TileBody({ fleet: { farm, changes }, entry }: Omit<Listed, 'isFirst'>): JSX.Element {
  const { fleet, common } = words.value;
  const facts = entry.facts.value;
  const overview = entry.overview.value;
  const isOld = farm.link.value.kind === 'lost';
  return (
    <>
      <LastSeen facts={facts} />
      {overview === undefined ? (
        <p class="quiet tile-waits">{common.loading}</p>
      ) : (
        <>
          {isOld && <p class="as-of">{fleet.asOf} <Ago at={overview.at} timeZone={facts.timeZone} /></p>}
          <OpenAlarms {...overview} />
          <dl class="tile-facts">
            <div><dt>{fleet.fedToday}</dt><dd><FedToday facts={facts} today={overview.today} /></dd></div>
            <div><dt>{fleet.hopper}</dt><dd><HopperLeft hopper={overview.hopper} timeZone={facts.timeZone} /></dd></div>
            <div><dt>{fleet.lastFed}</dt><dd><LastFed lastMeal={overview.lastMeal} timeZone={facts.timeZone} /></dd></div>
            <div><dt>{fleet.last24Hours}</dt><dd><PresenceBar overview={overview} timeZone={facts.timeZone} isOld={isOld} /></dd></div>
          </dl>
        </>
      )}
      {may('operator') && <div class="tile-actions"><PauseButton farm={farm} changes={changes} feeder={entry} /></div>}
    </>
  );
}
