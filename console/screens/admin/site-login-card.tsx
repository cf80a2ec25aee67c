import type { JSX } from 'preact';
import type { SiteLogin } from '../../api/shapes.ts';
import { isolated } from '../../format/isolate.ts';
import { formatDateTime } from '../../format/times.ts';
import { Button } from '../../parts/button.tsx';
import { Id, Own } from '../../parts/text.tsx';
import { words } from '../../words/words.ts';
import { ExpiryText } from './expiry-text.tsx';

type SiteLoginCardProps = { login: SiteLogin; isDisabled: boolean; onRemove: () => void };

/** A site login: for whom it is, and which site it may look on at. */
export function SiteLoginCard({ login: { name, site, username, expiresAt, createdAt }, isDisabled, onRemove }: SiteLoginCardProps): JSX.Element {
  const { admin } = words.value;
  return (
    <li class="card admin-card">
      <div class="admin-card-head"><h2><Own>{name}</Own></h2></div>
      <dl class="admin-facts">
        <div><dt>{admin.site}</dt><dd><Id>{site}</Id></dd></div>
        <div><dt>{admin.logins.username}</dt><dd><Id>{username}</Id></dd></div>
        <div><dt>{admin.expires}</dt><dd><ExpiryText expiresAt={expiresAt} /></dd></div>
        <div><dt>{admin.createdAt}</dt><dd><bdi>{formatDateTime(createdAt)}</bdi></dd></div>
      </dl>
      <div class="choices">
        <Button icon="remove" label={admin.logins.removeOf(isolated(name))} disabled={isDisabled} onClick={onRemove}>{admin.logins.remove}</Button>
      </div>
    </li>
  );
}
