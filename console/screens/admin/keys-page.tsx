import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { asked, askedToDo } from '../../api/client.ts';
import type { ApiKey } from '../../api/shapes.ts';
import type { Farm } from '../../farm/farm.ts';
import { isolated } from '../../format/isolate.ts';
import { matches } from '../../format/matches.ts';
import { Button } from '../../parts/button.tsx';
import { PagedList } from '../../parts/paged-list.tsx';
import { usePages } from '../../parts/use-pages.ts';
import { api, session } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { ConfirmRemovalSheet } from './confirm-removal-sheet.tsx';
import { KeyCard } from './key-card.tsx';
import { MakeKeySheet } from './make-key-sheet.tsx';
import { SearchableList } from './searchable-list.tsx';

const PAGE = 100;

type Open = { kind: 'make' } | { kind: 'revoke'; apiKey: ApiKey };

/** Whether whoever is signed in goes by the name of this key. */
const isOwn = ({ name }: ApiKey): boolean => session.value.kind === 'signed-in' && session.value.me.kind === 'key' && session.value.me.name === name;

/** Keys are made and revoked here. */
export function KeysPage({ farm }: { farm: Farm }): JSX.Element {
  const { admin } = words.value;
  const [open, setOpen] = useState<Open>();
  const { pages, more, again } = usePages((cursor, signal) => asked(() => api.GET('/keys', { params: { query: { limit: PAGE, ...cursor } }, signal })), []);
  const close = (): void => setOpen(undefined);
  return (
    <>
      <p class="quiet">{admin.keys.about}</p>
      <div class="admin-top">
        <Button kind="main" icon="add" disabled={!farm.canChange.value} onClick={() => setOpen({ kind: 'make' })}>{admin.keys.make}</Button>
      </div>
      <PagedList pages={pages} onMore={more} onRetry={again} empty={admin.keys.none}>
        {(keys) => (
          <SearchableList items={keys} isFound={(search, { name, sites }) => matches(search, [name, ...(sites ?? [])])}>
            {(apiKey) => (
              <KeyCard
                key={apiKey.apiKeyId}
                apiKey={apiKey}
                isOwn={isOwn(apiKey)}
                isDisabled={!farm.canChange.value}
                onRevoke={() => setOpen({ kind: 'revoke', apiKey })}
              />
            )}
          </SearchableList>
        )}
      </PagedList>
      {open?.kind === 'make' && <MakeKeySheet farm={farm} onMade={again} onClose={close} />}
      {open?.kind === 'revoke' && <RevokeKeySheet farm={farm} apiKey={open.apiKey} onRevoked={again} onClose={close} />}
    </>
  );
}

type RevokeKeySheetProps = { farm: Farm; apiKey: ApiKey; onRevoked: () => void; onClose: () => void };

function RevokeKeySheet({ farm, apiKey, onRevoked, onClose }: RevokeKeySheetProps): JSX.Element {
  const { keys } = words.value.admin;
  const name = isolated(apiKey.name);
  return (
    <ConfirmRemovalSheet
      farm={farm}
      title={keys.revokeTitle(name)}
      about={[keys.revokeAbout, ...(isOwn(apiKey) ? [keys.revokeOwn] : [])]}
      confirm={keys.revoke}
      done={keys.revoked(name)}
      remove={() => askedToDo(() => api.DELETE('/keys/{apiKeyId}', { params: { path: { apiKeyId: apiKey.apiKeyId } } }))}
      onRemoved={onRevoked}
      onClose={onClose}
    />
  );
}
