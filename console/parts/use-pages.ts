import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Asked, Failure } from '../api/client.ts';

/** A list as far as it was read. What was known before stays shown while it is read anew (`isOld`). */
export type Pages<T> =
  | { kind: 'loading' }
  | { kind: 'failed'; failure: Failure }
  | { kind: 'ready'; items: readonly T[]; isOld: boolean; nextCursor: string | undefined; more: 'idle' | 'loading' | Failure };

type Page<T> = { items: T[]; nextCursor?: string };
type ReadPage<T> = (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Asked<Page<T>>>;

/**
 * Reads a list page by page: the first when the screen appears, when one of `inputs` changes or `again` is called; the next
 * when `more` is. Answers to what was asked before that are dropped.
 */
export function usePages<T>(readPage: ReadPage<T>, inputs: readonly unknown[]): { pages: Pages<T>; more: () => void; again: () => void } {
  const [pages, setPages] = useState<Pages<T>>({ kind: 'loading' });
  const [times, setTimes] = useState(0);
  const attempt = useRef(new AbortController());
  const isReadingMore = useRef(false);

  useEffect(() => {
    const { signal } = (attempt.current = new AbortController());
    isReadingMore.current = false;
    setPages((known) => (known.kind === 'ready' ? { ...known, isOld: true } : { kind: 'loading' }));
    void readPage({}, signal).then((answer) => {
      if (!signal.aborted) setPages(answer.ok ? readyWith([], answer.data) : { kind: 'failed', failure: answer.failure });
    });
    return () => attempt.current.abort();
  }, [...inputs, times]);

  const more = (): void => {
    if (pages.kind !== 'ready' || pages.nextCursor === undefined || pages.isOld || isReadingMore.current) return;
    const { signal } = attempt.current;
    isReadingMore.current = true;
    setPages({ ...pages, more: 'loading' });
    void readPage({ cursor: pages.nextCursor }, signal).then((answer) => {
      if (signal.aborted) return;
      isReadingMore.current = false;
      setPages(answer.ok ? readyWith(pages.items, answer.data) : { ...pages, more: answer.failure });
    });
  };
  return { pages, more, again: useCallback(() => setTimes((known) => known + 1), []) };
}

const readyWith = <T>(before: readonly T[], { items, nextCursor }: Page<T>): Pages<T> => ({
  kind: 'ready',
  items: [...before, ...items],
  isOld: false,
  nextCursor,
  more: 'idle',
});
