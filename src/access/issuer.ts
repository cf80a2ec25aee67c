import { z } from 'zod';
import type { MachineClocks } from '../../machine/clocks.ts';
import { isIssuerUrl } from './issuer-url.ts';

/** How long the issuer may take to answer. Whoever waits for it is a request. */
const ANSWER_WITHIN_MS = 3_000;
/** How long an answer of the issuer may be, in bytes. */
const MAX_ANSWER = 1024 * 1024;
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

const Discovery = z.looseObject({
  issuer: z.string(),
  jwks_uri: z.string().refine(isIssuerUrl, 'expected an https URL'),
});

/**
 * The keys that an OpenID Connect issuer signs with, found by its discovery document. They are read when they are first
 * asked for, and kept while it is away.
 */
export class Issuer<Keys> {
  readonly #url: string;
  readonly #deps: IssuerDeps<Keys>;
  #held: { keys: Keys; readAtMs: number } | undefined;
  #reading: Promise<Keys> | undefined;
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
    const ageMs = this.#ageMs();
    if (this.#held === undefined || ageMs >= LONGEST_MS) return this.#read();
    // Why it failed was told, and these keys are good enough.
    if (ageMs >= FRESH_MS) void this.#read().catch(() => undefined);
    return this.#held.keys;
  }

  /**
   * Keys that were read after `seen`, for a token that none of those has signed; undefined where these are as new as can be.
   * @throws IssuerAway.
   */
  async newerThan(seen: Keys): Promise<Keys | undefined> {
    if (this.#held !== undefined && this.#held.keys !== seen) return this.#held.keys;
    return this.#ageMs() < COOL_DOWN_MS ? undefined : this.#read();
  }

  #ageMs(): number {
    return this.#held === undefined ? Infinity : this.#deps.machine.monotonicMs() - this.#held.readAtMs;
  }

  /** One reading for all who ask meanwhile, and none again right after one that failed. */
  #read(): Promise<Keys> {
    if (this.#reading !== undefined) return this.#reading;
    if (this.#deps.machine.monotonicMs() - this.#failedAtMs < COOL_DOWN_MS) return Promise.reject(new IssuerAway('asked a moment ago'));
    this.#reading = this.#ask().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #ask(): Promise<Keys> {
    try {
      const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
      const discovery = Discovery.parse(await getJson(`${this.#url.replace(/\/$/, '')}/.well-known/openid-configuration`, signal));
      if (discovery.issuer !== this.#url) throw new Error(`expected the issuer to call itself as in OIDC_ISSUER, found ${discovery.issuer}`);
      const keys = this.#deps.keysFrom(await getJson(discovery.jwks_uri, signal));
      this.#held = { keys, readAtMs: this.#deps.machine.monotonicMs() };
      return keys;
    } catch (error) {
      this.#failedAtMs = this.#deps.machine.monotonicMs();
      this.#deps.onAway(error);
      throw new IssuerAway('the keys could not be read', { cause: error });
    }
  }
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(url, { signal, redirect: 'error', headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${url}: expected 200, found ${answer.status}`);
  const body: AsyncIterable<Uint8Array> | null = answer.body;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER) throw new Error(`${url}: expected at most ${MAX_ANSWER} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}
