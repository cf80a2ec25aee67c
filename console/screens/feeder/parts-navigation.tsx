import type { JSX } from 'preact';
import { words } from '../../words/words.ts';

const PARTS = ['now', 'config', 'alarms', 'history', 'ledger'] as const;
type Part = (typeof PARTS)[number];

/** The id of the element that a part of the screen stands in. */
export const partId = (part: Part): string => `feeder-${part}`;

/** Goes to a part of the screen, with the focus, so that whoever listens is there as well. The address stays: its fragment names the screen. */
function goTo(part: Part): void {
  const place = document.getElementById(partId(part));
  const heading = place?.querySelector<HTMLElement>('h2');
  if (!place || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  place.scrollIntoView();
}

/** The parts of the screen, to go to; on a phone they are far apart. */
export function PartsNavigation(): JSX.Element {
  const { sections } = words.value.feeder;
  return (
    <nav class="feeder-parts" aria-label={sections.navigation}>
      {PARTS.map((part) => <button key={part} type="button" class="button" onClick={() => goTo(part)}>{sections[part]}</button>)}
    </nav>
  );
}
