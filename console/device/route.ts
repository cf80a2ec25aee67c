import { signal } from '@preact/signals';

export const ADMIN_PAGES = ['feeders', 'keys', 'site-logins', 'audit'] as const;
export type AdminPage = (typeof ADMIN_PAGES)[number];

/** Which screen is shown. It stands in the fragment, so that the bridge is never asked for a page. */
export type Route =
  | { screen: 'fleet' }
  | { screen: 'feeder'; feederId: string }
  | { screen: 'activity' }
  | { screen: 'admin'; page: AdminPage }
  | { screen: 'unknown' };

const FEEDER = /^\/feeders\/([a-z0-9][a-z0-9-]{0,62})$/;

/** The screen that a fragment such as `#/feeders/pond-1` names. */
export function routeIn(fragment: string): Route {
  const path = fragment.replace(/^#/, '');
  if (path === '' || path === '/') return { screen: 'fleet' };
  const feederId = FEEDER.exec(path)?.[1];
  if (feederId !== undefined) return { screen: 'feeder', feederId };
  if (path === '/activity') return { screen: 'activity' };
  if (path === '/admin') return { screen: 'admin', page: 'feeders' };
  const page = ADMIN_PAGES.find((each) => path === `/admin/${each}`);
  return page === undefined ? { screen: 'unknown' } : { screen: 'admin', page };
}

/** The fragment that names a screen. */
export function fragmentOf(route: Exclude<Route, { screen: 'unknown' }>): string {
  switch (route.screen) {
    case 'fleet':
      return '#/';
    case 'feeder':
      return `#/feeders/${route.feederId}`;
    case 'activity':
      return '#/activity';
    case 'admin':
      return `#/admin/${route.page}`;
  }
}

export const route = signal<Route>({ screen: 'fleet' });

/** How far down each screen was when it was left. */
const leftAt = new Map<string, number>();
/** Where the screen that is shown begins: at its top, or where it was left if one came back to it. */
let startsAt = 0;

export const screenStartsAt = (): number => startsAt;

/** Follows the address for as long as the page is open. */
export function startRoute(): void {
  let shown = location.hash;
  const follow = (): void => {
    leftAt.set(shown, scrollY);
    shown = location.hash;
    startsAt = hasBeenSeen() ? (leftAt.get(shown) ?? 0) : 0;
    markAsSeen();
    route.value = routeIn(shown);
  };
  // Where it was is no use to a browser that does not know when a screen is drawn.
  history.scrollRestoration = 'manual';
  addEventListener('hashchange', follow);
  markAsSeen();
  route.value = routeIn(shown);
}

/** Of an entry of the history that one comes back to; a link makes a new one. */
const hasBeenSeen = (): boolean => history.state === SEEN;
const markAsSeen = (): void => history.replaceState(SEEN, '');
const SEEN = 'seen';
