import type { AuthenticateError } from 'aedes';
import { FeederId } from '../../topics/identifiers.ts';
import type { SiteLooker } from './access.ts';
import type { Allowance } from './allowance.ts';
import type { BrokerEvents, Connection } from './broker-events.ts';
import { isSiteLogin, refusal, type Asked } from './connect-packet.ts';
import type { Refusal } from './refusal.ts';

/** More explorers than ever share a site login. */
const MAX_CONNECTIONS_OF_LOGIN = 20;

/** Who has been let in. */
export type Peer = { kind: 'feeder'; feederId: string; connection: Connection } | SiteLooker;

/** A CONNECT packet that is in order. */
export type Applicant = {
  /** As the broker knows it. */
  clientId: string;
  asked: Asked;
  username: string;
  password: string;
  /** Cuts the connection. */
  close: () => void;
};

export type Turned = { kind: 'turned-away'; code: Refusal['code']; error: AuthenticateError };

type Deps = Pick<BrokerEvents, 'authenticateFeeder' | 'authenticateSiteLogin' | 'isEnrolled'> & {
  allowance: Pick<Allowance, 'connect'>;
  /** How many connections of this login there are, beside one with a client id, whose place it takes. */
  connectionsOf: (siteLoginId: string, besideClientId: string) => number;
};

/** Whom the broker lets in. */
export class Entrance {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Who somebody is, or why they are turned away. */
  find(applicant: Applicant): Peer | Turned {
    const peer = isSiteLogin(applicant.username) ? this.#findLooker(applicant) : this.#findFeeder(applicant);
    if (peer.kind === 'turned-away' || this.#deps.allowance.connect(peer)) return peer;
    return turnedAway('rate-limited', refusal('serverUnavailable', 'expected fewer connections of one identity in a time'));
  }

  #findFeeder({ clientId, asked, username: feederId, password, close }: Applicant): Peer | Turned {
    if (!FeederId.safeParse(feederId).success || clientId !== feederId) {
      return turnedAway('unauthenticated', refusal('identifierRejected', 'expected the feeder id as user name and as client id'));
    }
    if (!this.#deps.authenticateFeeder(feederId, password)) {
      return turnedAway('unauthenticated', refusal('badCredentials', 'expected the id of an enrolled feeder and its token'));
    }
    return { kind: 'feeder', feederId, connection: { feederId, willSessionId: asked.willSessionId, close } };
  }

  #findLooker({ clientId, asked, username, password }: Applicant): Peer | Turned {
    const login = this.#deps.authenticateSiteLogin(username, password);
    if (login === undefined) {
      const why = 'expected the user name and password of a site login that has not expired';
      return turnedAway('unauthenticated', refusal('badCredentials', why));
    }
    if (this.#deps.isEnrolled(asked.clientId)) {
      return turnedAway('forbidden', refusal('identifierRejected', "expected a client id that is not an enrolled feeder's"));
    }
    if (this.#deps.connectionsOf(login.siteLoginId, clientId) >= MAX_CONNECTIONS_OF_LOGIN) {
      const why = `expected at most ${MAX_CONNECTIONS_OF_LOGIN} connections of one site login`;
      return turnedAway('rate-limited', refusal('serverUnavailable', why));
    }
    return { kind: 'site-login', siteLoginId: login.siteLoginId, site: login.site };
  }
}

const turnedAway = (code: Refusal['code'], error: AuthenticateError): Turned => ({ kind: 'turned-away', code, error });
