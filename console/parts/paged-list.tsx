import type { ComponentChildren, JSX } from 'preact';
import { words } from '../words/words.ts';
import { Button } from './button.tsx';
import { FailureNote } from './failure-note.tsx';
import type { Pages } from './use-pages.ts';

type PagedListProps<T> = {
  pages: Pages<T>;
  onMore: () => void;
  onRetry: () => void;
  /** Said where there are no items. */
  empty: string;
  /** Draws the items, of which there is one at least. */
  children: (items: readonly T[]) => ComponentChildren;
};

/** A list that is read page by page, in each of its conditions. */
export function PagedList<T>({ pages, onMore, onRetry, empty, children }: PagedListProps<T>): JSX.Element {
  const { common } = words.value;
  switch (pages.kind) {
    case 'loading':
      return <p class="quiet" role="status">{common.loading}</p>;
    case 'failed':
      return <FailureNote failure={pages.failure} onRetry={onRetry} />;
    case 'ready':
      return (
        <div class="paged" aria-busy={pages.isOld}>
          {pages.items.length === 0 ? <p class="quiet">{empty}</p> : children(pages.items)}
          {typeof pages.more === 'object' && <FailureNote failure={pages.more} />}
          {pages.nextCursor !== undefined && (
            <Button disabled={pages.more === 'loading'} onClick={onMore}>{pages.more === 'loading' ? common.loading : common.loadMore}</Button>
          )}
        </div>
      );
  }
}
