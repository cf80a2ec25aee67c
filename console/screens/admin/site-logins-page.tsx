import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked, askedToDo } from '../../api/client.ts';
import type { SiteLogin } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { matches } from '../../format/matches.ts';
import { Button } from '../../parts/button.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { usePages } from '../../parts/use-pages.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { ConfirmRemovalSheet } from './confirm-removal-sheet.tsx';
import { MakeSiteLoginSheet } from './make-site-login-sheet.tsx';
import { SearchableList } from './searchable-list.tsx';
import { SiteLoginCard } from './site-login-card.tsx';

const PAGE = 100;

type Open = { kind: 'make' } | { kind: 'remove'; login: SiteLogin };

/** Site logins are made and removed here. */
export function SiteLoginsPage({ farm }: { farm: Farm }): JSX.Element {
  const { admin } = words.value;
  const [open, setOpen] = useState<Open>();
  const { pages, more, again } = usePages((cursor, signal) => asked(() => api.GET('/site-logins', { params: { query: { limit: PAGE, ...cursor } }, signal })), []);
  const close = (): void => setOpen(undefined);
  return (
    <>
      <p class="quiet">{admin.logins.about}</p>
      <div class="admin-top">
        <Button kind="main" icon="add" disabled={!farm.canChange.value} onClick={() => setOpen({ kind: 'make' })}>{admin.logins.make}</Button>
      </div>
      <PagedList pages={pages} onMore={more} onRetry={again} empty={admin.logins.none}>
        {(logins) => (
          <SearchableList items={logins} isFound={(search, { name, site, username }) => matches(search, [name, site, username])}>
            {(login) => <SiteLoginCard key={login.siteLoginId} login={login} isDisabled={!farm.canChange.value} onRemove={() => setOpen({ kind: 'remove', login })} />}
          </SearchableList>
        )}
      </PagedList>
      {open?.kind === 'make' && <MakeSiteLoginSheet farm={farm} onMade={again} onClose={close} />}
      {open?.kind === 'remove' && (
        <ConfirmRemovalSheet
          farm={farm}
          title={admin.logins.removeTitle(isolated(open.login.name))}
          about={[admin.logins.removeAbout]}
          confirm={admin.logins.remove}
          done={admin.logins.removed(isolated(open.login.name))}
          remove={() => askedToDo(() => api.DELETE('/site-logins/{siteLoginId}', { params: { path: { siteLoginId: open.login.siteLoginId } } }))}
          onRemoved={again}
          onClose={close}
        />
      )}
    </>
  );
}
