import type { JSX } from 'preact';
import type { ApiKey } from '../../api/shapes.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime } from '../../format/times.ts';
import { Button } from '../../parts/button.tsx';
import { Ago, Id, Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { ExpiryText } from './expiry-text.tsx';

type KeyCardProps = { apiKey: ApiKey; isOwn: boolean; isDisabled: boolean; onRevoke: () => void };

/** A key: whose it is, what it may do, and when it was last used. */
export function KeyCard({ apiKey: { name, role, sites, createdAt, createdBy, expiresAt, lastUsedAt }, isOwn, isDisabled, onRevoke }: KeyCardProps): JSX.Element {
  const { admin, common } = words.value;
  return (
    <li class="card admin-card">
      <div class="admin-card-head">
        <h2><Own>{name}</Own></h2>
        <span>{admin.keys.roleNames[role]}</span>
      </div>
      {isOwn && <p class="quiet">{admin.keys.own}</p>}
      <dl class="admin-facts">
        <div>
          <dt>{admin.sites}</dt>
          <dd class="id-list">{sites === null ? admin.allSites : sites.map((site) => <Id key={site}>{site}</Id>)}</dd>
        </div>
        <div><dt>{admin.expires}</dt><dd><ExpiryText expiresAt={expiresAt} /></dd></div>
        <div><dt>{admin.keys.lastUsed}</dt><dd>{lastUsedAt === null ? common.never : <Ago at={lastUsedAt} />}</dd></div>
        <div><dt>{admin.createdAt}</dt><dd><bdi>{formatDateTime(createdAt)}</bdi></dd></div>
        <div><dt>{admin.createdBy}</dt><dd>{createdBy === null ? admin.keys.byBridge : <Own>{createdBy}</Own>}</dd></div>
      </dl>
      <div class="choices">
        <Button icon="remove" label={admin.keys.revokeOf(isolated(name))} disabled={isDisabled} onClick={onRevoke}>{admin.keys.revoke}</Button>
      </div>
    </li>
  );
}
