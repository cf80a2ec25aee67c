import type { JSX } from 'preact';
import type { FeederFacts } from '../../farm/feeder-after.ts';
import type { Standing } from '../../fleet/standing.ts';
import { Ago } from '../../parts/text.tsx';
import { PlcStatus, PresenceStatus, Status } from '../../parts/status.tsx';
import { words } from '../../words/words.ts';

/** How a feeder is, in icons and words. */
export const FeederStanding = ({ standing }: { standing: Standing }): JSX.Element => (
  <div class="standing">
    <PresenceStatus presence={standing.presence} />
    <PlcStatus plc={standing.plc} />
    {standing.isPaused === true && <Status tone="warn" icon="pause">{words.value.fleet.feedingPaused}</Status>}
  </div>
);

/** Of a feeder that is offline: when it was heard last. */
export function LastSeen({ facts }: { facts: FeederFacts }): JSX.Element | null {
  const { fleet } = words.value;
  if (facts.presence === 'online') return null;
  if (facts.lastSeenAt === null) return <p class="last-seen">{fleet.neverSeen}</p>;
  return <p class="last-seen">{fleet.lastSeen} <Ago at={facts.lastSeenAt} timeZone={facts.timeZone} /></p>;
}
