import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { words } from '../../words/words.ts';
import { SearchField } from './search-field.tsx';

/** What is seen at one look needs no search. */
const SEARCHED_FROM = 8;

type SearchableListProps<T> = {
  items: readonly T[];
  isFound: (search: string, item: T) => boolean;
  children: (item: T) => ComponentChildren;
};

/** What was read of a list, and a search in it where it is long. */
export function SearchableList<T>({ items, isFound, children }: SearchableListProps<T>): JSX.Element {
  const [search, setSearch] = useState('');
  const found = items.filter((item) => isFound(search, item));
  return (
    <>
      {items.length >= SEARCHED_FROM && <SearchField search={search} found={found.length} onSearch={setSearch} />}
      {found.length === 0 && <p class="quiet">{words.value.admin.noneFound}</p>}
      <ul class="admin-list">{found.map(children)}</ul>
    </>
  );
}
