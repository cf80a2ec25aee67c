import type { JSX } from 'preact';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';

/** Searches a list; how much is found is told beside it, and to those who listen. */
export function SearchField({ search, found, onSearch }: { search: string; found: number; onSearch: (search: string) => void }): JSX.Element {
  const { admin } = words.value;
  return (
    <div class="admin-search">
      <Field label={admin.search}>
        {(control) => (
          <input
            {...control}
            type="search"
            dir="auto"
            autoComplete="off"
            placeholder={admin.searchHint}
            value={search}
            onInput={({ currentTarget }) => onSearch(currentTarget.value)}
          />
        )}
      </Field>
      <p role="status" class="quiet">{search === '' ? '' : admin.found(found)}</p>
    </div>
  );
}
