import type { JSX } from 'preact';
import { ADMIN_PAGES, fragmentOf, type AdminPage } from '../../device/route.ts';
import type { Farm } from '../../farm/farm.ts';
import { Icon } from '../../parts/icon.tsx';
import { words } from '../../words/words.ts';
import { AuditPage } from './audit-page.tsx';
import { FeedersPage } from './feeders-page.tsx';
import { KeysPage } from './keys-page.tsx';
import { SiteLoginsPage } from './site-logins-page.tsx';
import './admin.css';

/** What an admin does: feeders, keys and site logins come and go here, and the audit says who did what. */
export function AdminScreen({ page, farm }: { page: AdminPage; farm: Farm }): JSX.Element {
  const { admin, common } = words.value;
  return (
    <>
      <h1 tabIndex={-1}><span class="only-heard">{common.screens.admin}: </span>{admin.pages[page]}</h1>
      <nav class="admin-pages" aria-label={admin.navigation}>
        {ADMIN_PAGES.map((each) => (
          <a key={each} class="button" href={fragmentOf({ screen: 'admin', page: each })} aria-current={each === page ? 'page' : undefined}>{admin.pages[each]}</a>
        ))}
      </nav>
      {!farm.canChange.value && <p class="note note-warn"><Icon name="linkLost" /><span>{admin.linkNeeded}</span></p>}
      <Page page={page} farm={farm} />
    </>
  );
}

function Page({ page, farm }: { page: AdminPage; farm: Farm }): JSX.Element {
  switch (page) {
    case 'feeders':
      return <FeedersPage farm={farm} />;
    case 'keys':
      return <KeysPage farm={farm} />;
    case 'site-logins':
      return <SiteLoginsPage farm={farm} />;
    case 'audit':
      return <AuditPage farm={farm} />;
  }
}
