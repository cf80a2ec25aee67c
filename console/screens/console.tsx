import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Changes } from '../change/changes.ts';
import { fragmentOf, route } from '../device/route.ts';
import type { Farm } from '../farm/farm.ts';
import { followFarm } from '../farm/follow-farm.ts';
import { eraseKeptFarm } from '../farm/kept-farm.ts';
import type { Me } from '../api/shapes.ts';
import { announce, Announcer } from '../parts/announcer.tsx';
import { lazily } from '../parts/lazily.tsx';
import { callerOf, may, session } from '../session/session.ts';
import { words } from '../words/words.ts';
import { ActivityScreen } from './activity/activity-screen.tsx';
import { Outcomes } from './change/outcomes.tsx';
import { FeederScreen } from './feeder/feeder-screen.tsx';
import { FleetScreen } from './fleet/fleet-screen.tsx';
import { DeviceSettings } from './device-settings.tsx';
import { LastValues } from './last-values.tsx';
import { Shell } from './shell.tsx';
import { SignInScreen } from './sign-in/sign-in-screen.tsx';

/** Few people may, and from a phone at the pond nobody does. */
const AdminScreen = lazily(async () => (await import('./admin/admin-screen.tsx')).AdminScreen);

/** The whole page: the sign-in, or the screen that the address names. */
export function Console(): JSX.Element {
  return (
    <>
      <WhoeverIsThere />
      <Announcer />
    </>
  );
}

function WhoeverIsThere(): JSX.Element {
  const now = session.value;
  const hasBeenEnded = now.kind === 'signed-out' && now.why === 'ended';
  const wasUnreached = useRef(false);
  useEffect(() => {
    if (wasUnreached.current && now.kind === 'signed-in') announce(words.value.common.link.back);
    wasUnreached.current = now.kind === 'unreached';
  }, [now.kind]);
  useEffect(() => {
    // Whoever may no longer look shall not find anything here either.
    if (hasBeenEnded) void eraseKeptFarm();
  }, [hasBeenEnded]);
  switch (now.kind) {
    case 'signed-in':
      return <SignedIn key={callerOf(now.me)} me={now.me} />;
    case 'resuming':
      return <main class="splash"><p role="status">{words.value.signIn.checking}</p></main>;
    case 'unreached':
      return <LastValues>{(opened) => <Screen {...opened} />}</LastValues>;
    case 'checking':
    case 'signed-out':
      return <SignInScreen settings={DeviceSettings} />;
  }
}

/** What every screen shows and works on. */
type Opened = { farm: Farm; changes: Changes };

function SignedIn({ me }: { me: Me }): JSX.Element | null {
  const [opened, setOpened] = useState<Opened>();
  useEffect(() => {
    const left = new AbortController();
    const farm = followFarm(callerOf(me), left.signal);
    setOpened({ farm, changes: new Changes(farm, me.name, left.signal) });
    return () => left.abort();
  }, []);
  if (opened === undefined) return null;
  return <Shell farm={opened.farm}><Screen {...opened} /><Outcomes {...opened} /></Shell>;
}

function Screen({ farm, changes }: Opened): JSX.Element {
  const now = route.value;
  switch (now.screen) {
    case 'fleet':
      return <FleetScreen farm={farm} changes={changes} />;
    case 'feeder':
      return <FeederScreen key={now.feederId} farm={farm} changes={changes} feederId={now.feederId} />;
    case 'activity':
      return <ActivityScreen farm={farm} />;
    case 'admin':
      if (session.value.kind === 'unreached') return <BridgeNeeded />;
      return may('admin') ? <AdminScreen page={now.page} farm={farm} /> : <NoSuchScreen />;
    case 'unknown':
      return <NoSuchScreen />;
  }
}

function BridgeNeeded(): JSX.Element {
  const { screens, unreached } = words.value.common;
  return (
    <>
      <h1 tabIndex={-1}>{screens.admin}</h1>
      <p>{unreached.needed}</p>
    </>
  );
}

function NoSuchScreen(): JSX.Element {
  const { notFound } = words.value.common;
  return (
    <>
      <h1 tabIndex={-1}>{notFound.title}</h1>
      <a class="button button-main" href={fragmentOf({ screen: 'fleet' })}>{notFound.toFleet}</a>
    </>
  );
}
