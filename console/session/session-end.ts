import { computed, effect } from '@preact/signals';
import { everyTenSecondsMs } from '../device/clock.ts';
import { endSession, session } from './session.ts';

const SOON_MS = 5 * 60_000;

/** When the session ends by itself, by the bridge's clock; undefined where somebody must end it. */
export const endsAtMs = computed((): number | undefined => {
  const now = session.value;
  return now.kind === 'signed-in' && now.me.expiresAt !== null ? Date.parse(now.me.expiresAt) : undefined;
});

/** Whether the session ends within five minutes. */
export const endsSoon = computed(() => endsAtMs.value !== undefined && endsAtMs.value - everyTenSecondsMs.value < SOON_MS);

/** Ends the session when its time has come; the bridge does so too, but a page that asks nothing would not hear of it. */
export function watchSessionEnd(): void {
  effect(() => {
    if (endsAtMs.value !== undefined && endsAtMs.value <= everyTenSecondsMs.value) endSession();
  });
}
