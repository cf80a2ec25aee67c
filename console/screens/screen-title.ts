import type { Route } from '../device/route.ts';
import type { Farm } from '../farm/farm.ts';
import { words } from '../words/words.ts';

/** What a screen is called, in the browser's tab and history. */
export function screenTitle(now: Route, farm: Farm): string {
  const { product, screens, notFound } = words.value.common;
  switch (now.screen) {
    case 'feeder':
      return `${farm.find(now.feederId)?.facts.value.name ?? now.feederId} – ${product}`;
    case 'unknown':
      return `${notFound.title} – ${product}`;
    case 'fleet':
    case 'activity':
    case 'admin':
      return `${screens[now.screen]} – ${product}`;
  }
}
