import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { countShown } from '../../fleet/arrangement.ts';
import type { FleetOrder } from '../../fleet/fleet-order.ts';
import { announce } from '../../parts/announcer.tsx';
import { Button } from '../../parts/button.tsx';
import { words } from '../../words/words.ts';
import { concerns, query, siteChosen } from './fleet-view.ts';

/** Whoever listens is told what came of a search once they have stopped typing. */
const TOLD_AFTER_MS = 700;

/** How many are shown, and whether the order waits for whoever is in the list. */
export function FleetStatus({ order, all }: { order: FleetOrder; all: number }): JSX.Element {
  const { fleet } = words.value;
  const shown = countShown(order.shown.value);
  const isOpened = useRef(false);
  useEffect(() => {
    // What was there when the screen opened is no news.
    if (!isOpened.current) {
      isOpened.current = true;
      return undefined;
    }
    const wait = setTimeout(() => announce(words.peek().fleet.found(countShown(order.shown.peek()))), TOLD_AFTER_MS);
    return () => clearTimeout(wait);
  }, [query.value, siteChosen.value, concerns.value]);
  return (
    <div class="fleet-status">
      <p>{shown === all ? fleet.feeders(all) : fleet.shown(shown, all)}</p>
      {order.isWaiting.value && (
        <p class="order-waits">
          <span>{fleet.orderWaits}</span>
          <Button kind="quiet" onClick={() => order.sortNow()}>{fleet.sortNow}</Button>
        </p>
      )}
    </div>
  );
}
