import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Asked, Failure } from '../api/client.ts';

/** What a screen knows of something that it asked the bridge for. What was known before stays shown while it is asked anew. */
export type Answer<T> = { kind: 'loading' } | { kind: 'ready'; data: T; isOld: boolean } | { kind: 'failed'; failure: Failure };

/**
 * Asks when the screen appears, and again when one of `inputs` changes or `again` is called. An answer that comes after
 * something else was asked is dropped.
 */
export function useAsked<T>(ask: (signal: AbortSignal) => Promise<Asked<T>>, inputs: readonly unknown[]): { answer: Answer<T>; again: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ kind: 'loading' });
  const [times, setTimes] = useState(0);
  useEffect(() => {
    const attempt = new AbortController();
    setAnswer((known) => (known.kind === 'ready' ? { ...known, isOld: true } : { kind: 'loading' }));
    void ask(attempt.signal).then((asked) => {
      if (attempt.signal.aborted) return;
      setAnswer(asked.ok ? { kind: 'ready', data: asked.data, isOld: false } : { kind: 'failed', failure: asked.failure });
    });
    return () => attempt.abort();
  }, [...inputs, times]);
  return { answer, again: useCallback(() => setTimes((known) => known + 1), []) };
}
