import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fragmentOf, route, type Route } from '../device/route.ts';
import type { Farm } from '../farm/farm.ts';
import { Button } from '../parts/button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { may } from '../session/session.ts';
import { words } from '../words/words.ts';
import { DeviceSettings } from './device-settings.tsx';
import { LinkBanner, LinkStatus } from './link-banner.tsx';
import { NotesOfDevice } from './notes-of-device.tsx';
import { useScreenFocus } from './screen-focus.ts';
import { screenTitle } from './screen-title.ts';

type Entry = { to: Exclude<Route, { screen: 'unknown' | 'feeder' }>; icon: IconName };

const ENTRIES: readonly Entry[] = [
  { to: { screen: 'fleet' }, icon: 'fleet' },
  { to: { screen: 'activity' }, icon: 'activity' },
  { to: { screen: 'admin', page: 'feeders' }, icon: 'admin' },
];

const isCurrent = ({ to }: Entry, now: Route): boolean => to.screen === now.screen || (to.screen === 'fleet' && now.screen === 'feeder');

type ShellProps = {
  farm: Farm;
  /** The farm is what this device kept of it. */
  isOfflineCopy?: boolean;
  children: ComponentChildren;
};

/** What stands around every screen: where one can go, how the link is, and who one is. */
export function Shell({ farm, isOfflineCopy = false, children }: ShellProps): JSX.Element {
  const [isSettingUp, setSettingUp] = useState(false);
  const { common } = words.value;
  const now = route.value;
  const title = screenTitle(now, farm);
  useScreenFocus();
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => setSettingUp(false), [now]);
  return (
    <div class={farm.link.value.kind === 'lost' ? 'shell shell-old' : 'shell'}>
      <a class="skip button" href="#content" onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>('main')?.focus();
      }}>{common.skipToContent}</a>
      <header class="bar">
        <a class="brand" href={fragmentOf({ screen: 'fleet' })}><Icon name="meal" /><span>{common.product}</span></a>
        <LinkStatus farm={farm} />
        <Button kind="quiet" icon="settings" label={common.menu} onClick={() => setSettingUp(true)} />
      </header>
      <nav class="tabs" aria-label={common.navigation}>
        {ENTRIES.filter(({ to }) => to.screen !== 'admin' || may('admin')).map((entry) => (
          <a key={entry.icon} href={fragmentOf(entry.to)} aria-current={isCurrent(entry, now) ? 'page' : undefined}>
            <Icon name={entry.icon} />
            <span>{common.screens[entry.to.screen]}</span>
          </a>
        ))}
      </nav>
      <div class="banner">
        <LinkBanner farm={farm} isOfflineCopy={isOfflineCopy} />
        <NotesOfDevice />
      </div>
      <main id="content" tabIndex={-1}>{children}</main>
      {isSettingUp && <DeviceSettings onClose={() => setSettingUp(false)} />}
    </div>
  );
}
