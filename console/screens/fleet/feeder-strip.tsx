import type { JSX } from 'preact';
import { conditionOf } from '../../fleet/standing.ts';
import { formatGrams } from '../../format/numbers.ts';
import { Ago, Amount } from '../../parts/text.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { PauseButton } from '../change/pause-button.tsx';
import { FeederLink } from './feeder-name.tsx';
import { FeederStanding, LastSeen } from './feeder-standing.tsx';
import type { Listed } from './listed.ts';
import { OpenAlarms } from './open-alarms.tsx';
import { useNear } from './use-near.ts';

/** A feeder in short, for a list on a phone. */
export function FeederStrip({ fleet, entry, isFirst }: Listed): JSX.Element {
  const { place, nearness } = useNear<HTMLLIElement>(isFirst);
  const standing = fleet.standings.of(entry).value;
  return (
    <li ref={place} class="strip" data-condition={conditionOf(standing)} style={nearness.keptBlockSize === undefined ? undefined : { minBlockSize: `${nearness.keptBlockSize}px` }}>
      <h3><FeederLink standing={standing} /></h3>
      <FeederStanding standing={standing} />
      {nearness.isNear && <StripBody fleet={fleet} entry={entry} />}
    </li>
  );
}

function StripBody({ fleet: { farm, changes }, entry }: Omit<Listed, 'isFirst'>): JSX.Element {
  const { fleet } = words.value;
  const facts = entry.facts.value;
  const overview = entry.overview.value;
  return (
    <>
      <LastSeen facts={facts} />
      {overview !== undefined && (
        <>
          {farm.link.value.kind === 'lost' && <p class="as-of">{fleet.asOf} <Ago at={overview.at} timeZone={facts.timeZone} /></p>}
          {overview.openAlarmCount > 0 && <OpenAlarms {...overview} />}
          <p class="strip-facts">
            <span>{fleet.fedToday} <Amount>{overview.today.plannedGrams === null ? formatGrams(overview.today.fedGrams) : fleet.fedOfPlan(formatGrams(overview.today.fedGrams), formatGrams(overview.today.plannedGrams))}</Amount></span>
            {overview.hopper.grams !== null && <span>{fleet.hopper} <Amount>{formatGrams(overview.hopper.grams)}</Amount></span>}
          </p>
        </>
      )}
      {may('operator') && <div class="tile-actions"><PauseButton farm={farm} changes={changes} feeder={entry} /></div>}
    </>
  );
}
