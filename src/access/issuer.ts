import { z } from 'zod';
import type { MachineClocks } from '../../machine/clocks.ts';
import { ANSWER_WITHIN_MS, askIssuer } from './issuer-answer.ts';
import { isIssuerUrl } from './issuer-url.ts';

/** From when on the keys are read again. */
const FRESH_MS = 600_000;
/** How long keys are gone by while the issuer is away. */
const LONGEST_MS = 86_400_000;
/** How often, at most, the issuer is asked, whatever tokens come. */
const COOL_DOWN_MS = 5_000;

/** The issuer has not told its keys, so that it cannot be known whether a token is one of its own. */
export class IssuerAway extends Error {
  override readonly name = 'IssuerAway';
}

export type IssuerDeps<Keys> = {
  /** Takes a JWK set as it came. Throws where it is none. */
  keysFrom: (jwkSet: unknown) => Keys;
  machine: Pick<MachineClocks, 'monotonicMs'>;
  /** The issuer could not be asked; called each time it was tried. */
  onAway: (error: unknown) => void;
};

const Url = z.string().refine(isIssuerUrl, 'expected an https URL');
/** Those that only a page needs do no harm where they cannot be used. */
const PageUrl = Url.optional().catch(undefined);

const Discovery = z.looseObject({
  issuer: z.string(),
  jwks_uri: Url,
  authorization_endpoint: PageUrl,
  token_endpoint: PageUrl,
  token_endpoint_auth_methods_supported: z.array(z.string()).optional().catch(undefined),
});

/** What an issuer says of itself in its discovery document. */
export type Discovered = z.infer<typeof Discovery>;

type Held<Keys> = { keys: Keys; discovered: Discovered; readAtMs: number };

/**
 * What an OpenID Connect issuer says of itself, and the keys that it signs with, found by its discovery document. They are
 * read when they are first asked for, and kept while it is away.
 */
export class Issuer<Keys> {
  readonly #url: string;
  readonly #deps: IssuerDeps<Keys>;
  #held: Held<Keys> | undefined;
  #reading: Promise<Held<Keys>> | undefined;
  #failedAtMs = -Infinity;

  constructor(url: string, deps: IssuerDeps<Keys>) {
    this.#url = url;
    this.#deps = deps;
  }

  /**
   * The keys as last read; those that are no longer fresh are read again behind it.
   * @throws IssuerAway where there are none.
   */
  async keys(): Promise<Keys> {
    return (await this.#latest()).keys;
  }

  /**
   * What it says of itself, read likewise.
   * @throws IssuerAway.
   */
  async discovered(): Promise<Discovered> {
    return (await this.#latest()).discovered;
  }

  /**
   * Keys that were read after `seen`, for a token that none of those has signed; undefined where these are as new as can be.
   * @throws IssuerAway.
   */
  async newerThan(seen: Keys): Promise<Keys | undefined> {
    if (this.#held !== undefined && this.#held.keys !== seen) return this.#held.keys;
    return this.#ageMs() < COOL_DOWN_MS ? undefined : (await this.#read()).keys;
  }

  async #latest(): Promise<Held<Keys>> {
    const ageMs = this.#ageMs();
    if (this.#held === undefined || ageMs >= LONGEST_MS) return this.#read();
    // Why it failed was told, and these keys are good enough.
    if (ageMs >= FRESH_MS) void this.#read().catch(() => undefined);
    return this.#held;
  }

  #ageMs(): number {
    return this.#held === undefined ? Infinity : this.#deps.machine.monotonicMs() - this.#held.readAtMs;
  }

  /** One reading for all who ask meanwhile, and none again right after one that failed. */
  #read(): Promise<Held<Keys>> {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#deps.machine.monotonicMs() - this.#failedAtMs < COOL_DOWN_MS) return Promise.reject(new IssuerAway('asked a moment ago'));
    this.#reading = this.#ask().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #ask(): Promise<Held<Keys>> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const discovered = Discovery.parse(await getJson(`${this.#url.replace(/\/$/, '')}/.well-known/openid-configuration`, signal));
      if (discovered.issuer !== this.#url) throw new Error(`expected the issuer to call itself as in OIDC_ISSUER, found ${discovered.issuer}`);
      const keys = this.#deps.keysFrom(await getJson(discovered.jwks_uri, signal));
      this.#held = { keys, discovered, readAtMs: this.#deps.machine.monotonicMs() };
      return this.#held;
    } catch (error) {
      this.#failedAtMs = this.#deps.machine.monotonicMs();
      this.#deps.onAway(error);
      throw new IssuerAway('the keys could not be read', { cause: error });
    }
  }
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const answer = await askIssuer(url, { signal, headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${url}: expected 200, found ${answer.status}`);
  return answer.json();
}
