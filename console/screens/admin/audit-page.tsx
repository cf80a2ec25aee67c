import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked } from '../../api/client.ts';
import type { Farm } from '../../farm/farm.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { usePages } from '../../parts/use-pages.ts';
import { useSending } from '../../parts/use-sending.ts';
import { api } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { AuditEntryRow } from './audit-entry-row.tsx';
import { AuditFilterForm } from './audit-filter-form.tsx';
import type { AuditQuery } from './audit-query.ts';
import { saveAs } from './save-as.ts';

const PAGE = 50;

/** Who changed what, and who tried to. */
export function AuditPage({ farm }: { farm: Farm }): JSX.Element {
  const { audit } = words.value.admin;
  const [query, setQuery] = useState<AuditQuery>({});
  const { pages, more, again } = usePages((cursor, signal) => asked(() => api.GET('/audit', { params: { query: { limit: PAGE, ...query, ...cursor } }, signal })), [query]);
  return (
    <>
      <p class="quiet">{audit.about}</p>
      <AuditFilterForm feederIds={[...farm.feeders.value.keys()]} onAsk={setQuery} />
      <AuditDownload query={query} isDisabled={!farm.canChange.value} />
      <PagedList pages={pages} onMore={more} onRetry={again} empty={audit.none}>
        {(entries) => (
          <ol class="admin-list admin-list-wide" aria-label={audit.list}>
            {entries.map((entry) => <AuditEntryRow key={entry.auditEntryId} entry={entry} />)}
          </ol>
        )}
      </PagedList>
    </>
  );
}

/** The whole of what is asked for, as a table for elsewhere. */
function AuditDownload({ query, isDisabled }: { query: AuditQuery; isDisabled: boolean }): JSX.Element {
  const { audit } = words.value.admin;
  const { isSending, failure, send } = useSending();
  const download = (): void =>
    send(
      () => asked(() => api.GET('/audit', { params: { query }, headers: { Accept: 'text/csv' }, parseAs: 'blob' })),
      (table) => {
        saveAs('audit.csv', table);
        announce(words.value.admin.audit.downloaded);
      },
    );
  return (
    <div class="admin-top">
      <Button icon="download" disabled={isSending || isDisabled} onClick={download}>{isSending ? audit.downloading : audit.download}</Button>
      {failure && <FailureNote failure={failure} />}
    </div>
  );
}
