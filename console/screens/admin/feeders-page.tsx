import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Farm, FeederEntry } from '../../farm/farm.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words/words.ts';
import { ClaimCodeSheet } from './claim-code-sheet.tsx';
import { EnrolSheet } from './enrol-sheet.tsx';
import { FeederCard, type FeederAction } from './feeder-card.tsx';
import { matches } from '../../format/matches.ts';
import { RemoveFeederSheet } from './remove-feeder-sheet.tsx';
import { RotateTokenSheet } from './rotate-token-sheet.tsx';
import { SearchField } from './search-field.tsx';

const SHOWN_AT_ONCE = 50;

type Open = { kind: 'enrol' } | { kind: FeederAction; feederId: string; name: string };

/** Feeders are enrolled here, get the tokens of their agents, and are removed. */
export function FeedersPage({ farm }: { farm: Farm }): JSX.Element {
  const { admin, common } = words.value;
  const [search, setSearch] = useState('');
  const [most, setMost] = useState(SHOWN_AT_ONCE);
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);

  const found = [...farm.feeders.value.values()].filter((feeder) => isFound(feeder, search));
  return (
    <>
      <div class="admin-top">
        <Button kind="main" icon="add" disabled={!farm.canChange.value} onClick={() => setOpen({ kind: 'enrol' })}>{admin.feeders.enrol}</Button>
        <SearchField
          search={search}
          found={found.length}
          onSearch={(text) => {
            setSearch(text);
            setMost(SHOWN_AT_ONCE);
          }}
        />
      </div>
      {found.length === 0 && <p class="quiet">{emptyText(farm, search)}</p>}
      <ul class="admin-list">
        {found.slice(0, most).map((feeder) => (
          <FeederCard
            key={feeder.feederId}
            feeder={feeder}
            isDisabled={!farm.canChange.value}
            onAction={(kind) => setOpen({ kind, feederId: feeder.feederId, name: feeder.facts.peek().name })}
          />
        ))}
      </ul>
      {found.length > most && <Button onClick={() => setMost(most + SHOWN_AT_ONCE)}>{common.loadMore}</Button>}
      {open && <OpenSheet farm={farm} open={open} onClose={close} />}
    </>
  );
}

const isFound = ({ feederId, facts }: FeederEntry, search: string): boolean => {
  const { name, site } = facts.peek();
  return matches(search, [feederId, name, site]);
};

function emptyText(farm: Farm, search: string): string {
  const { admin, common } = words.value;
  if (!farm.isLoaded.value) return common.loading;
  return search === '' ? admin.feeders.none : admin.noneFound;
}

function OpenSheet({ farm, open, onClose }: { farm: Farm; open: Open; onClose: () => void }): JSX.Element {
  switch (open.kind) {
    case 'enrol':
      return <EnrolSheet farm={farm} onEnrolled={() => farm.readAnew()} onClose={onClose} />;
    case 'claim':
      return <ClaimCodeSheet farm={farm} feeder={open} onClose={onClose} />;
    case 'rotate':
      return <RotateTokenSheet farm={farm} feeder={open} onClose={onClose} />;
    case 'remove':
      return (
        <RemoveFeederSheet
          farm={farm}
          feeder={open}
          onRemoved={(done) => {
            announce(done);
            farm.readAnew();
            onClose();
          }}
          onClose={onClose}
        />
      );
  }
}
