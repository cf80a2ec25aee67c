import { useEffect, useRef } from 'preact/hooks';
import { route, screenStartsAt, type Route } from '../device/route.ts';

let hasBeenAsked = false;

/** Lets the next screen take the focus, although none was shown before: whatever had it is gone. */
export const askForFocus = (): void => void (hasBeenAsked = true);

/**
 * Tells whoever listens, or goes by the keyboard, that it is another screen: its heading has the focus. It begins at its
 * top, or where it was left if one came back to it.
 */
export function useScreenFocus(): void {
  const shown = useRef<Route>(undefined);
  const now = route.value;
  useEffect(() => {
    const isFirst = shown.current === undefined;
    shown.current = now;
    if (isFirst && !hasBeenAsked) return;
    hasBeenAsked = false;
    scrollTo(0, screenStartsAt());
    return holdFocusOnHeading();
  }, [now]);
}

/** A screen that is being loaded draws its heading anew when it is there; for so long the focus goes along. */
const HOLD_MS = 5_000;

function holdFocusOnHeading(): () => void {
  const take = (): void => {
    const heading = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
    heading?.focus({ preventScroll: true });
  };
  const observer = new MutationObserver(() => {
    if (document.activeElement === document.body) take();
  });
  const ended = new AbortController();
  const end = (): void => {
    observer.disconnect();
    clearTimeout(timer);
    ended.abort();
  };
  const timer = setTimeout(end, HOLD_MS);
  // Whoever goes somewhere else is not called back.
  for (const type of ['keydown', 'pointerdown']) addEventListener(type, end, { signal: ended.signal });
  observer.observe(document.body, { childList: true, subtree: true });
  take();
  return end;
}
