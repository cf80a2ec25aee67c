import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fragmentOf } from '../../device/route.ts';
import type { Farm } from '../../farm/farm.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { may } from '../../session/session.ts';
import { words } from '../../words/words.ts';
import { clearFilters } from './fleet-view.ts';

/** There are none to be seen, and what to do about it. */
export function NoFeeders(): JSX.Element {
  const { noFeeders } = words.value.fleet;
  return (
    <div class="empty card">
      <h2>{noFeeders.title}</h2>
      <p>{may('admin') ? noFeeders.forAdmin : noFeeders.forOthers}</p>
      {may('admin') && <a class="button button-main" href={fragmentOf({ screen: 'admin', page: 'feeders' })}><Icon name="add" /><span>{noFeeders.toAdmin}</span></a>}
    </div>
  );
}

/** There are feeders, but none as is looked for. */
export function NoneMatch(): JSX.Element {
  const { noneMatch } = words.value.fleet;
  return (
    <div class="empty card">
      <h2>{noneMatch.title}</h2>
      <Button kind="main" onClick={showAll}>{noneMatch.clear}</Button>
    </div>
  );
}

function showAll(): void {
  clearFilters();
  // The button goes away with its reason; the focus stays on the screen.
  document.querySelector<HTMLElement>('main h1')?.focus();
}

const SLOW_AFTER_MS = 10_000;
const PLACES = [1, 2, 3, 4, 5, 6];

/** The feeders are on their way, or the bridge does not tell them. */
export function LoadingStatus({ farm }: { farm: Farm }): JSX.Element {
  const { common, fleet } = words.value;
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const wait = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(wait);
  }, []);
  const isLost = farm.link.value.kind === 'lost';
  return (
    <div class="fleet-status" role="status">
      {isLost || isSlow ? <p class="note note-warn"><Icon name="linkLost" /><span>{isLost ? fleet.loadFailed : fleet.slow}</span></p> : <p class="quiet">{common.loading}</p>}
    </div>
  );
}

/** Where feeders will be. */
export const LoadingPlaces = (): JSX.Element => <ul class="tiles" aria-hidden="true">{PLACES.map((place) => <li key={place} class="tile card tile-empty" />)}</ul>;
