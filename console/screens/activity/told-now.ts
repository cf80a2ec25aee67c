import { useEffect, useRef } from 'preact/hooks';
import { announce } from '../../parts/announcer.tsx';
import { words } from '../../words/words.ts';
import type { Entry } from './entries.ts';

const TELL_EVERY_MS = 10_000;

/** Tells those who listen how many entries have come, once in 10 s at most: the list itself says nothing by itself. */
export function useToldNow(entries: readonly Entry[], isWanted: (entry: Entry) => boolean): void {
  const now = useRef({ entries, isWanted });
  now.current = { entries, isWanted };
  useEffect(() => {
    const keys = (): Set<string> => new Set(now.current.entries.map(({ key }) => key));
    let told = keys();
    const telling = setInterval(() => {
      const isBeginning = told.size === 0;
      const more = now.current.entries.filter((entry) => !told.has(entry.key) && now.current.isWanted(entry)).length;
      told = keys();
      // What was there before the page was opened is no news.
      if (more > 0 && !isBeginning) announce(words.value.activity.heardNew(more));
    }, TELL_EVERY_MS);
    return () => clearInterval(telling);
  }, []);
}
