import type { MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import type { Timers } from '../machine/timers.ts';
import { ApiKeys } from './access/api-keys.ts';
import { oidcSignInOf, type OidcSignIn } from './access/oidc-sign-in.ts';
import { peopleOf, withPeople } from './access/people.ts';
import { SignIns } from './access/sign-ins.ts';
import { loadApiKeys } from './admin-key.ts';
import type { BridgeClock } from './clock.ts';
import type { Authenticate } from './http/authenticate.ts';
import { OpenStreams } from './http/open-streams.ts';
import type { Settings } from './settings.ts';
import { SiteLogins } from './site-logins/site-logins.ts';
import type { Database } from './store/database.ts';
import { selectSiteLogins } from './store/site-logins.ts';

export type IdentitiesDeps = {
  settings: Settings;
  db: Database;
  clock: BridgeClock;
  machine: MachineClocks;
  timers: Timers;
  log: Log;
};

/** Those who may come in, but for the feeders. */
export type Identities = {
  authenticate: Authenticate;
  apiKeys: ApiKeys;
  siteLogins: SiteLogins;
  signIns: SignIns;
  /** Undefined where people do not sign in by the page. */
  oidcSignIn: OidcSignIn | undefined;
  /** What is being sent to callers. */
  streams: OpenStreams;
  /** Watches no more; what waits to be stored is stored by `apiKeys.stop`. */
  stop(): void;
};

/** Reads who there is; `open` begins to let them in, and ends the sessions of site logins with `endSiteLogin`. */
export async function loadIdentities(deps: IdentitiesDeps): Promise<{
  newAdminKey: string | undefined;
  keep: () => Promise<void>;
  open: (endSiteLogin: (siteLoginId: string) => void) => Identities;
}> {
  const { settings, db, clock, machine, timers, log } = deps;
  const { stored, given, newAdminKey, keep } = await loadApiKeys(settings, db, clock);
  const siteLoginRows = await selectSiteLogins(db);
  const open = (endSiteLogin: (siteLoginId: string) => void): Identities => {
    const streams = new OpenStreams(clock, timers);
    const apiKeys = new ApiKeys(stored, given, {
      db,
      clock,
      endStreams: (callerId) => streams.endOf(callerId),
      onDropped: (count, why) => log.error({ err: why, count }, 'times at which keys were last used: given up, because the database does not take them'),
    });
    const siteLogins = new SiteLogins(siteLoginRows, { db, clock, endSessions: endSiteLogin });
    const people = peopleOf(settings, { clock, machine, log });
    const signIns = new SignIns({
      db,
      clock,
      callerOfKey: (apiKeyId) => apiKeys.callerOf(apiKeyId),
      endStreams: (signInId) => streams.endOfSignIn(signInId),
    });
    return {
      // A session is looked for in memory alone; a key that is not known is looked for in the database.
      authenticate: withPeople(people, async (bearer) => signIns.authenticate(bearer) ?? apiKeys.authenticate(bearer)),
      apiKeys,
      siteLogins,
      signIns,
      oidcSignIn: oidcSignInOf(settings, people, { clock, machine, log }),
      streams,
      stop: () => {
        siteLogins.stop();
        streams.stop();
      },
    };
  };
  return { newAdminKey, keep, open };
}
