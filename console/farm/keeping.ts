import { effect } from '@preact/signals';
import type { Farm } from './farm.ts';
import { eraseKeptFarm, keepFarm, readKeptFarm } from './kept-farm.ts';

const KEEP_EVERY_MS = 30_000;
/** When the feeders have been read, what is told of each day follows. */
const KEEP_FIRST_MS = 2_000;

/**
 * Keeps the farm on this device again and again for whoever sees it, until `signal` ends it: also when the link is lost
 * and when the page is put away, which may be the last that it hears. What was kept for somebody else is erased first.
 */
export function keepWhileSeen(farm: Farm, heardMs: () => number, keptFor: string, signal: AbortSignal): void {
  const keep = (): void => {
    if (farm.isLoaded.peek() && !signal.aborted) void keepFarm(farm, heardMs(), keptFor);
  };
  const erasing = readKeptFarm().then((kept) => (kept === undefined || kept.keptFor === keptFor ? undefined : eraseKeptFarm()));
  void erasing.then(() => {
    if (signal.aborted) return;
    let first: ReturnType<typeof setTimeout> | undefined;
    const stopFollowing = effect(() => {
      if (farm.isLoaded.value) first ??= setTimeout(keep, KEEP_FIRST_MS);
      if (farm.link.value.kind === 'lost') keep();
    });
    const timer = setInterval(() => {
      if (farm.canChange.peek() && document.visibilityState === 'visible') keep();
    }, KEEP_EVERY_MS);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      clearTimeout(first);
      stopFollowing();
    });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && keep(), { signal });
    addEventListener('pagehide', keep, { signal });
  });
}
