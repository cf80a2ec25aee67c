import type { JSX } from 'preact';
import { fragmentOf } from '../../device/route.ts';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { Icon } from '../../parts/icon.tsx';
import { PlcStatus, PresenceStatus } from '../../parts/status.tsx';
import { Ago, Id, Own } from '../../parts/text.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { obstacleTo } from '../../change/obstacle.ts';
import { ObstacleNote } from '../change/obstacle-note.tsx';

/** Which feeder it is and whether it can be reached; why it cannot be changed, where that is so. */
export function FeederHead({ farm, feeder }: { farm: Farm; feeder: FeederEntry }): JSX.Element {
  const { feeder: said, change } = words.value;
  const facts = feeder.facts.value;
  const { feederId, name, site, presence, plc, lastSeenAt, timeZone, config } = facts;
  const obstacle = obstacleTo(farm.link.value, facts);
  return (
    <header class="feeder-head">
      <a class="feeder-back" href={fragmentOf({ screen: 'fleet' })}><Icon name="back" />{said.toFleet}</a>
      <h1 tabIndex={-1}><Own>{name}</Own></h1>
      <p class="feeder-facts">
        <Id>{feederId}</Id>
        <span class="quiet">{said.site} <Id>{site}</Id></span>
        <PresenceStatus presence={presence} />
        {presence === 'offline' && (
          <span class="quiet">{lastSeenAt === null ? said.now.neverSeen : <>{said.now.lastSeen} <Ago at={lastSeenAt} timeZone={timeZone} /></>}</span>
        )}
        {presence === 'online' && <PlcStatus plc={plc} />}
      </p>
      {config === null && <p class="note note-calm"><Icon name="info" /><span>{said.neverReported}</span></p>}
      {may('operator') && config !== null && obstacle !== undefined && obstacle !== 'linkLost' && <ObstacleNote obstacle={obstacle} />}
      {!may('operator') && <p class="note note-calm"><Icon name="info" /><span>{change.cannot.viewer}</span></p>}
    </header>
  );
}
