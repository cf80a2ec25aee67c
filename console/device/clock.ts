import { signal } from '@preact/signals';

/** How far the bridge's clock is ahead of the device's: phones are often wrong, and ages would be too. */
let aheadMs = 0;

/** Takes the bridge's time from the `Date` of an answer; it is cut to whole seconds. */
export function hearBridgeTime(date: string | null): void {
  const bridgeMs = Date.parse(date ?? '');
  if (Number.isNaN(bridgeMs)) return;
  const differenceMs = bridgeMs + 500 - Date.now();
  // Less is no more than the cut and the way here.
  aheadMs = Math.abs(differenceMs) < 2_000 ? 0 : differenceMs;
}

/** Now, by the bridge's clock, in milliseconds since 1970. */
export const bridgeNowMs = (): number => Date.now() + aheadMs;

/** The bridge's time, told anew every second while the page is seen: for what counts seconds. */
export const everySecondMs = signal(bridgeNowMs());
/** The same every 10 s: for ages on screens with hundreds of them. */
export const everyTenSecondsMs = signal(bridgeNowMs());

/** Lets the two signals run until the page is left. */
export function startClock(): void {
  let seconds = 0;
  const tick = (): void => {
    if (document.visibilityState === 'hidden') return;
    everySecondMs.value = bridgeNowMs();
    seconds += 1;
    if (seconds % 10 === 0) everyTenSecondsMs.value = bridgeNowMs();
  };
  setInterval(tick, 1_000);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') return;
    everySecondMs.value = everyTenSecondsMs.value = bridgeNowMs();
  });
}
