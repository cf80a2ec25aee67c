import { signal } from '@preact/signals';
import type { JSX } from 'preact';

const polite = signal('');
const assertive = signal('');

/** Tells those who listen what has come about; `now` interrupts what is being read out. */
export function announce(text: string, when: 'soon' | 'now' = 'soon'): void {
  const region = when === 'now' ? assertive : polite;
  // The same words twice are told twice.
  region.value = region.peek() === text ? `${text}\u00a0` : text;
}

/** Where announcements are made; once in the page, from the start. */
export function Announcer(): JSX.Element {
  return (
    <div class="only-heard">
      <div role="status" aria-live="polite">{polite}</div>
      <div role="alert" aria-live="assertive">{assertive}</div>
    </div>
  );
}
