import type { MachineClocks } from '../../machine/clocks.ts';
import type { Log } from '../../machine/log.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import { exchangeCode, type IssuedCode, type IssuedTokens, type OidcClient } from './code-exchange.ts';
import { Meter } from './meter.ts';
import { issuerUnavailable, type People } from './people.ts';
import type { SignedIn } from './sign-ins.ts';

/** How often those of one network may have the issuer asked: as often as people sign in, with their mistakes. */
const EXCHANGES = { perSecond: 0.5, burst: 20 };
/** How many may be under way, whoever asks. */
const MOST_AT_ONCE = 50;

export type OidcSignInDeps = { clock: Pick<BridgeClock, 'now'>; machine: Pick<MachineClocks, 'monotonicMs' | 'wallMs'>; log: Log };

type Client = OidcClient & { scope: string };

/** This bridge lets nobody sign in by an issuer. */
export const noOidc = (): Problem => new Problem('not-found', 'Nobody signs in by an issuer here: OIDC_CLIENT_ID is not set. Use a key or a sign-in code.');

/** Lets the page sign people in at the issuer, so that it asks nobody but the bridge. */
export class OidcSignIn {
  readonly #people: People;
  readonly #client: Client;
  readonly #deps: OidcSignInDeps;
  readonly #exchanges: Meter;
  #underWay = 0;
  /** Where people sign in, for them to read. */
  readonly issuerHost: string;

  constructor(issuer: string, client: Client, people: People, deps: OidcSignInDeps) {
    this.issuerHost = new URL(issuer).host;
    this.#client = client;
    this.#people = people;
    this.#deps = deps;
    this.#exchanges = new Meter(EXCHANGES, deps.machine);
  }

  /**
   * Where to send somebody who wants to sign in.
   * @throws Problem 503 `issuer-unavailable`.
   */
  async authorizationUrl({ redirectUri, state, codeChallenge }: { redirectUri: string; state: string; codeChallenge: string }): Promise<string> {
    const { authorization_endpoint: endpoint } = await this.#people.discovered();
    if (endpoint === undefined) throw this.#unusable('authorization_endpoint');
    const url = new URL(endpoint);
    const asked = {
      response_type: 'code',
      client_id: this.#client.clientId,
      redirect_uri: redirectUri,
      scope: this.#client.scope,
      state,
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return url.href;
  }

  /**
   * The token that the issuer gives for a code: the access token where that lets somebody in here, else the id token.
   * @throws Problem 401 `unauthenticated`; 429 `rate-limited` to a network that has the issuer asked too often; 503 `issuer-unavailable`.
   */
  async signIn(issued: IssuedCode, network: string): Promise<SignedIn> {
    if (this.#underWay >= MOST_AT_ONCE || !this.#exchanges.take(network)) throw tooOften();
    this.#underWay += 1;
    try {
      const { accessToken, idToken } = await this.#exchange(issued);
      return await this.#byToken(accessToken, idToken);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #exchange(issued: IssuedCode): Promise<IssuedTokens> {
    const { issuer, token_endpoint: tokenEndpoint, token_endpoint_auth_methods_supported: authMethods } = await this.#people.discovered();
    if (tokenEndpoint === undefined) throw this.#unusable('token_endpoint');
    const { clock, machine, log } = this.#deps;
    try {
      return await exchangeCode({ issuer, tokenEndpoint, authMethods }, this.#client, issued, (clock.now() - machine.wallMs()) / 1000);
    } catch (error) {
      if (error instanceof Problem) throw error;
      log.warn({ why: reasonOf(error) }, 'the issuer of OIDC_ISSUER exchanged no code');
      throw issuerUnavailable();
    }
  }

  async #byToken(accessToken: string, idToken: string | undefined): Promise<SignedIn> {
    const tokens = [accessToken, idToken].filter((token) => token !== undefined);
    let refusal = new Problem('unauthenticated', 'The issuer gave no token that lets anybody in here: expected one made out to OIDC_AUDIENCE.', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
    for (const token of tokens) {
      try {
        const expiresAtMs = this.#people.isToken(token) ? (await this.#people.authenticate(token))?.expiresAtMs : undefined;
        if (expiresAtMs !== undefined && expiresAtMs !== null) return { bearer: token, expiresAtMs };
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'unauthenticated') throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  #unusable(endpoint: string): Problem {
    this.#deps.log.warn({ endpoint }, 'the issuer of OIDC_ISSUER tells no such address that people can be signed in at');
    return issuerUnavailable();
  }
}

const tooOften = (): Problem =>
  new Problem('rate-limited', 'Nothing was done. Try again after as many seconds as Retry-After says.', { headers: { 'Retry-After': '2' } });

/** What went wrong, in words that hold neither code nor token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const said = 'error' in error && typeof error.error === 'string' ? ` (${error.error.slice(0, 100)})` : '';
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${said}${cause}`;
}

type OidcClientSettings = { OIDC_ISSUER?: string | undefined; OIDC_CLIENT_ID?: string | undefined; OIDC_CLIENT_SECRET?: string | undefined; OIDC_SCOPE: string };

/** How people sign in by the page, where the settings say so. */
export const oidcSignInOf = (settings: OidcClientSettings, people: People | undefined, deps: OidcSignInDeps): OidcSignIn | undefined => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_SCOPE: scope } = settings;
  return people === undefined || issuer === undefined || clientId === undefined ? undefined : new OidcSignIn(issuer, { clientId, clientSecret, scope }, people, deps);
};
