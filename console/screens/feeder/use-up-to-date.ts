import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { bridgeNowMs } from '../../device/clock.ts';
import type { Farm } from '../../farm/farm.ts';
import { newestEventOf } from './newest-event.ts';

/** Readings come all the time; so often they are shown anew. */
const ANEW_EVERY_MS = 300_000;
/** A feeder that feeds again and again is asked about so often at most. */
const AT_LEAST_APART_MS = 30_000;

/**
 * As of when the history is shown: it moves on by itself while the link is there and the page is seen, at once when the link
 * is back, and soon after the feeder fed or came or went.
 */
export function useUpToDate(farm: Farm, feederId: string): { asOfMs: number; refresh: () => void } {
  const [asOfMs, setAsOfMs] = useState(bridgeNowMs);
  const refresh = useCallback(() => setAsOfMs(bridgeNowMs()), []);
  const isLive = farm.link.value.kind !== 'lost';
  const wasLive = useRef(isLive);
  const newest = useComputed(() => newestEventOf(farm, feederId, ['meal', 'presence'])).value;
  const seen = useRef(newest);

  useEffect(() => {
    if (isLive && !wasLive.current) refresh();
    wasLive.current = isLive;
    if (!isLive) return;
    const isNew = newest !== seen.current;
    const dueMs = asOfMs + (isNew ? AT_LEAST_APART_MS : ANEW_EVERY_MS);
    const timer = setInterval(() => {
      if (document.visibilityState === 'hidden' || bridgeNowMs() < dueMs) return;
      seen.current = newest;
      refresh();
    }, 1_000);
    return () => clearInterval(timer);
  }, [isLive, newest, asOfMs]);
  return { asOfMs, refresh };
}
