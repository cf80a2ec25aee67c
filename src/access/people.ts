import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Log } from '../../machine/log.ts';
import type { BridgeClock } from '../clock.ts';
import { Problem } from '../errors.ts';
import type { Caller } from './caller.ts';
import { readClaims, type ClaimNames } from './claims.ts';
import { Issuer, IssuerAway, type Discovered } from './issuer.ts';

/** Only what the issuer alone can sign: a key that is published signs nothing. */
export const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** What tokens of people are called; those of other kinds, such as `logout+jwt`, let nobody in. Some issuers say nothing. */
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
/** How far the issuer's clock may be from the bridge's. */
const TOLERANCE_SECONDS = 5;

/** Whom the bridge takes tokens from, made out to whom, and which claims of them count. */
type Trust = { issuer: string; audience: string; claims: ClaimNames };

type OidcSettings = { OIDC_ISSUER?: string | undefined; OIDC_AUDIENCE?: string | undefined } & Record<'OIDC_ROLE_CLAIM' | 'OIDC_SITES_CLAIM', string>;

export type PeopleDeps = {
  clock: Pick<BridgeClock, 'now'>;
  machine: Pick<MachineClocks, 'monotonicMs'>;
  log: Log;
};

const JwkSet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** The people whom an OpenID Connect issuer vouches for. */
export class People {
  readonly #trust: Trust;
  readonly #clock: Pick<BridgeClock, 'now'>;
  readonly #issuer: Issuer<JWTVerifyGetKey>;
  readonly #log: Log;

  constructor(trust: Trust, { clock, machine, log }: PeopleDeps) {
    this.#trust = trust;
    this.#clock = clock;
    this.#log = log;
    this.#issuer = new Issuer(trust.issuer, {
      machine,
      keysFrom: (jwkSet) => createLocalJWKSet(JwkSet.parse(jwkSet)),
      onAway: (error) => log.warn({ err: error }, 'the issuer of OIDC_ISSUER did not tell its keys'),
    });
  }

  /** Whether it says that it is a token of the issuer; anybody can say so. */
  isToken(bearer: string): boolean {
    try {
      return decodeJwt(bearer).iss === this.#trust.issuer;
    } catch {
      return false;
    }
  }

  /**
   * Who has such a token; undefined where the issuer has not signed it.
   * @throws Problem 401 `unauthenticated` that says what is wrong with a token that it has signed; 503 `issuer-unavailable`.
   */
  async authenticate(token: string): Promise<Caller | undefined> {
    try {
      const { payload, protectedHeader } = await this.#verify(token);
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase())) throw notAccepted('typ', 'JWT or at+jwt');
      const read = readClaims(payload, this.#trust.claims, new URL(this.#trust.issuer).host);
      if (!read.ok) throw notAccepted(read.claim, read.expected);
      return {
        kind: 'person',
        callerId: `${this.#trust.issuer}#${read.sub}`,
        name: read.name,
        role: read.role,
        sites: read.sites,
        expiresAtMs: read.expiresAtMs + TOLERANCE_SECONDS * 1000,
      };
    } catch (error) {
      if (error instanceof IssuerAway) throw issuerUnavailable();
      // Its signature is good: whoever has it may know what is wrong with it.
      if (error instanceof errors.JWTExpired) throw notAccepted('exp', 'a time to come');
      if (error instanceof errors.JWTClaimValidationFailed) throw notAccepted(error.claim, 'what this bridge is set up for');
      if (error instanceof Problem) throw error;
      if (!(error instanceof errors.JOSEError)) this.#log.warn({ err: error }, 'a key of the issuer of OIDC_ISSUER cannot be used');
      return undefined;
    }
  }

  /**
   * What the issuer says of itself.
   * @throws Problem 503 `issuer-unavailable`.
   */
  async discovered(): Promise<Discovered> {
    try {
      return await this.#issuer.discovered();
    } catch (error) {
      if (error instanceof IssuerAway) throw issuerUnavailable();
      throw error;
    }
  }

  async #verify(token: string): ReturnType<typeof jwtVerify> {
    const { issuer, audience } = this.#trust;
    const options = {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(this.#clock.now()),
      clockTolerance: TOLERANCE_SECONDS,
    };
    const keys = await this.#issuer.keys();
    try {
      return await jwtVerify(token, keys, options);
    } catch (error) {
      // The issuer signs with a new key from time to time.
      const newer = error instanceof errors.JWKSNoMatchingKey ? await this.#issuer.newerThan(keys) : undefined;
      if (newer === undefined) throw error;
      return jwtVerify(token, newer, options);
    }
  }
}

/** The issuer says so, but this bridge lets nobody in by it. */
const notAccepted = (claim: string, expected: string): Problem =>
  new Problem('unauthenticated', `The issuer has signed this token, but its "${claim}" is not as expected: ${expected}.`, {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });

/** A token cannot be looked at, because the issuer's keys are not known, or nobody can be sent there. */
export const issuerUnavailable = (): Problem =>
  new Problem('issuer-unavailable', 'The issuer of such tokens cannot be asked. Try again in a moment, or use a key of this bridge.', {
    headers: { 'Retry-After': '5' },
  });

/** The people of the issuer that the settings name, if they name one. */
export const peopleOf = (settings: OidcSettings, deps: PeopleDeps): People | undefined => {
  const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience, OIDC_ROLE_CLAIM: role, OIDC_SITES_CLAIM: sites } = settings;
  return issuer === undefined || audience === undefined ? undefined : new People({ issuer, audience, claims: { role, sites } }, deps);
};

/** Whom a bearer stands for: whoever a token of the issuer is about, where there is an issuer, else whoever has it as a key. */
export const withPeople = (
  people: People | undefined,
  byKey: (key: string) => Promise<Caller | undefined>,
): ((bearer: string) => Promise<Caller | undefined>) =>
  people === undefined ? byKey : (bearer) => (people.isToken(bearer) ? people.authenticate(bearer) : byKey(bearer));
