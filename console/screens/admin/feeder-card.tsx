import type { JSX } from 'preact';
import type { FeederEntry } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { fragmentOf } from '../../device/route.ts';
import { Button } from '../../parts/button.tsx';
import { PresenceStatus } from '../../parts/status.tsx';
import { Id, Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';

export type FeederAction = 'claim' | 'rotate' | 'remove';

type FeederCardProps = { feeder: FeederEntry; isDisabled: boolean; onAction: (action: FeederAction) => void };

/** An enrolled feeder, and what an admin may do with it. */
export function FeederCard({ feeder: { feederId, facts }, isDisabled, onAction }: FeederCardProps): JSX.Element {
  const { admin } = words.value;
  const { name, site, presence, timeZone } = facts.value;
  return (
    <li class="card admin-card">
      <div class="admin-card-head">
        <h2><a href={fragmentOf({ screen: 'feeder', feederId })}><Own>{name}</Own></a></h2>
        <PresenceStatus presence={presence} />
      </div>
      <dl class="admin-facts">
        <div><dt>{admin.feeders.id}</dt><dd><Id>{feederId}</Id></dd></div>
        <div><dt>{admin.site}</dt><dd><Id>{site}</Id></dd></div>
        <div><dt>{admin.feeders.timeZone}</dt><dd><Id>{timeZone}</Id></dd></div>
      </dl>
      <div class="choices" role="group" aria-label={admin.feeders.actions(isolated(name))}>
        <Button icon="qr" disabled={isDisabled} onClick={() => onAction('claim')}>{admin.feeders.claim}</Button>
        <Button icon="key" disabled={isDisabled} onClick={() => onAction('rotate')}>{admin.feeders.rotate}</Button>
        <Button icon="remove" disabled={isDisabled} onClick={() => onAction('remove')}>{admin.feeders.remove}</Button>
      </div>
    </li>
  );
}
