import fc from 'fast-check';
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createLog } from '../machine/log.ts';
import type { Caller } from '../src/access/caller.ts';
import { readClaims } from '../src/access/claims.ts';
import { peopleOf, withPeople, type People } from '../src/access/people.ts';
import { Problem } from '../src/errors.ts';
import { AUDIENCE, newSigningKey, startOidcIssuer, type Claims, type OidcIssuer } from './support/oidc-issuer.ts';

const NOW_MS = Date.UTC(2026, 5, 1);
const nowSeconds = NOW_MS / 1000;
const CLAIMS = { OIDC_ROLE_CLAIM: 'feederbridge_role', OIDC_SITES_CLAIM: 'feederbridge_sites' };

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await startOidcIssuer(() => NOW_MS);
});
afterAll(() => issuer.dispose());

/** The people of the issuer, and the clocks they are known by. */
function known(url = issuer.url): { people: People; clock: { nowMs: number; monotonicMs: number } } {
  const clock = { nowMs: NOW_MS, monotonicMs: 0 };
  const people = peopleOf(
    { OIDC_ISSUER: url, OIDC_AUDIENCE: AUDIENCE, ...CLAIMS },
    { clock: { now: () => clock.nowMs }, machine: { monotonicMs: () => clock.monotonicMs }, log: createLog('silent') },
  );
  return { people: people ?? expect.fail('expected people'), clock };
}

/** The answer to somebody who is not let in: a problem, or nothing at all. */
async function refusal(people: People, token: string): Promise<{ code: string; detail: string } | undefined> {
  if (!people.isToken(token)) return undefined;
  try {
    expect(await people.authenticate(token)).toBeUndefined();
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { code: error.code, detail: error.detail };
  }
}

const signedButNot = (claim: string) => ({ code: 'unauthenticated', detail: expect.stringContaining(`"${claim}"`) as unknown });

describe('who is let in', () => {
  test('a person with a role and sites, by name', async () => {
    const { people } = known();
    const token = await issuer.token({ email: 'kari@farm.example', feederbridge_role: 'operator', feederbridge_sites: 'farm fjord,loch' });
    expect(people.isToken(token)).toBe(true);
    expect(await people.authenticate(token)).toEqual({
      kind: 'person',
      callerId: `${issuer.url}#kari`,
      name: 'kari@farm.example',
      role: 'operator',
      sites: new Set(['farm', 'fjord', 'loch']),
      expiresAtMs: NOW_MS + 65_000,
    } satisfies Caller);
  });

  test.each<[string, Claims, Partial<Caller>]>([
    ['every site', { feederbridge_sites: '*' }, { sites: 'all' }],
    ['every site, among several', { feederbridge_sites: ['farm', '*'] }, { sites: 'all' }],
    ['the highest of several roles', { feederbridge_role: ['offline_access', 'admin', 'viewer'] }, { role: 'admin' }],
    ['by the user name, without an address', { preferred_username: 'kari@fjord.example' }, { name: 'kari@fjord.example' }],
    ['among other audiences', { aud: ['other', AUDIENCE] }, { role: 'viewer' }],
    ['a few seconds late', { exp: nowSeconds - 4 }, { expiresAtMs: NOW_MS + 1_000 }],
    ['a few seconds early', { nbf: nowSeconds + 4 }, { role: 'viewer' }],
  ])('%s', async (_what, claims, expected) => {
    expect(await known().people.authenticate(await issuer.token(claims))).toMatchObject(expected);
  });

  test('by a name that no key of the bridge is called by', async () => {
    const { host } = new URL(issuer.url);
    for (const [claims, name] of [
      [{ preferred_username: 'ADMIN_KEY' }, 'ADMIN_KEY'],
      [{ preferred_username: 'Kari' }, 'Kari'],
      [{ email: 'boss@farm.example', email_verified: false }, 'kari'],
    ] as const) {
      expect(await known().people.authenticate(await issuer.token(claims))).toMatchObject({ name: `${name}@${host}` });
    }
  });

  test('by a token of any of the types that such tokens have', async () => {
    for (const typ of ['at+jwt', 'application/at+jwt', 'JWT', undefined]) {
      expect(await known().people.authenticate(await issuer.token({}, { typ }))).toMatchObject({ callerId: `${issuer.url}#kari` });
    }
  });
});

describe('who is not', () => {
  test.each<[string, Claims, string]>([
    ['of another audience', { aud: 'other' }, 'aud'],
    ['of no audience', { aud: undefined }, 'aud'],
    ['expired', { exp: nowSeconds - 5 }, 'exp'],
    ['that never expires', { exp: undefined }, 'exp'],
    ['that expires beyond all time', { exp: 1e300 }, 'exp'],
    ['not valid yet', { nbf: nowSeconds + 6 }, 'nbf'],
    ['about nobody', { sub: undefined }, 'sub'],
    ['about somebody with NUL', { sub: 'ka\0ri' }, 'sub'],
    ['without a role', { feederbridge_role: undefined }, 'feederbridge_role'],
    ['of an unknown role', { feederbridge_role: 'root' }, 'feederbridge_role'],
    ['of a role by another name', { feederbridge_role: 'Admin' }, 'feederbridge_role'],
    ['of no role of several', { feederbridge_role: [] }, 'feederbridge_role'],
    ['without sites', { feederbridge_sites: undefined }, 'feederbridge_sites'],
    ['of no sites', { feederbridge_sites: [] }, 'feederbridge_sites'],
    ['of sites with no letter', { feederbridge_sites: ' , ' }, 'feederbridge_sites'],
    ['of sites that are none', { feederbridge_sites: ['farm', 'Fjord/#'] }, 'feederbridge_sites'],
    ['of sites that are not text', { feederbridge_sites: { farm: true } }, 'feederbridge_sites'],
  ])('a token %s', async (_what, claims, claim) => {
    expect(await refusal(known().people, await issuer.token(claims))).toEqual(signedButNot(claim));
  });

  test('a token of another kind', async () => {
    expect(await refusal(known().people, await issuer.token({}, { typ: 'logout+jwt' }))).toEqual(signedButNot('typ'));
  });

  test('whoever signs his own, in whatever way; nothing is told', async () => {
    const { people } = known();
    const forger = await newSigningKey('first');
    const good = await issuer.token();
    const [header = '', , signature = ''] = good.split('.');
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'kari', exp: nowSeconds + 60, feederbridge_role: 'admin', feederbridge_sites: '*' };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    const published = issuer.keys[0] ?? expect.fail('expected a key');
    const byPublicKey = (secret: string) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(Buffer.from(secret));
    const forged = [
      await issuer.token({}, {}, forger),
      await issuer.token({}, { kid: 'second' }, forger),
      `${header}.${body}.${signature}`,
      `${header}.${body}.`,
      new UnsecuredJWT(claims).encode(),
      await byPublicKey(await exportSPKI(published.publicKey)),
      await byPublicKey(JSON.stringify(published.jwk)),
      // a key, or where to find it, that the token brings along
      await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(forger.publicKey), jku: 'http://127.0.0.1:1/keys' }).sign(forger.privateKey),
      await new SignJWT({ ...claims, iss: `${issuer.url}/` }).setProtectedHeader({ alg: 'ES256', kid: 'first' }).sign(published.privateKey),
      `${good}A`,
      `${good}.${signature}`,
    ];
    for (const token of forged) expect(await refusal(people, token), token).toBeUndefined();
    expect(await people.authenticate(good)).toMatchObject({ callerId: `${issuer.url}#kari` });
  });

  test('random bytes where a token should be', async () => {
    const { people } = known();
    const good = await issuer.token();
    expect(await people.authenticate(good)).toMatchObject({ callerId: `${issuer.url}#kari` });
    const [header = '', body = '', signature = ''] = good.split('.');
    const encoded = (text: string): string => Buffer.from(text).toString('base64url');
    const part = (right: string) => fc.oneof(fc.constant(right), fc.json().map(encoded), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64url')), fc.string());
    const token = fc.tuple(part(header), part(body), part(signature)).filter((parts) => parts.join('.') !== [header, body, signature].join('.'));
    await fc.assert(
      fc.asyncProperty(token, async (parts) => {
        expect(await refusal(people, parts.join('.'))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test('whatever the claims are, nobody is let in without a role and sites', () => {
    const claims = fc.record({ sub: fc.oneof(fc.jsonValue(), fc.constant('kari')), exp: fc.oneof(fc.jsonValue(), fc.double(), fc.constant(1)), role: fc.oneof(fc.jsonValue(), fc.constant('admin')), sites: fc.oneof(fc.jsonValue(), fc.constant('*')) });
    fc.assert(
      fc.property(claims, ({ role, sites, ...rest }) => {
        const read = readClaims({ ...rest, role, sites }, { role: 'role', sites: 'sites' }, 'issuer.example');
        if (!read.ok) return;
        expect(JSON.stringify(role)).toMatch(/viewer|operator|admin/);
        expect(sites).not.toEqual([]);
        expect(read.expiresAtMs).toSatisfy(Number.isFinite);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("the issuer's keys", () => {
  const usingKeys = (): void => {
    const { keys } = issuer;
    issuer.timesAsked = 0;
    onTestFinished(() => void Object.assign(issuer, { keys, instead: undefined, calledSelf: issuer.url }));
  };

  test('are read once, and again for a key that is new', async () => {
    usingKeys();
    const { people, clock } = known();
    await Promise.all(Array.from({ length: 20 }, async () => people.authenticate(await issuer.token())));
    expect(issuer.timesAsked).toBe(1);
    const second = await newSigningKey('second', 'EdDSA');
    issuer.keys = [...issuer.keys, second];
    const token = await issuer.token({}, {}, second);
    // Whoever makes up ids of keys has nothing read that was read just now.
    expect(await refusal(people, token)).toBeUndefined();
    expect(issuer.timesAsked).toBe(1);
    clock.monotonicMs += 5_000;
    expect(await people.authenticate(token)).toMatchObject({ callerId: `${issuer.url}#kari` });
    expect(await people.authenticate(await issuer.token())).toMatchObject({ callerId: `${issuer.url}#kari` });
    expect(issuer.timesAsked).toBe(2);
    // One that is published no more counts no more, once they are read again.
    issuer.keys = [second];
    clock.monotonicMs += 600_000;
    await people.authenticate(token);
    await expect.poll(async () => people.authenticate(await issuer.token())).toBeUndefined();
    expect(await people.authenticate(token)).toMatchObject({ callerId: `${issuer.url}#kari` });
  });

  test('that are known go on working while it is away, for a day', async () => {
    usingKeys();
    const { people, clock } = known();
    await people.authenticate(await issuer.token());
    issuer.instead = (_request, response) => void response.writeHead(500).end();
    clock.monotonicMs += 86_399_000;
    expect(await people.authenticate(await issuer.token())).toMatchObject({ callerId: `${issuer.url}#kari` });
    clock.monotonicMs += 60_000;
    expect(await refusal(people, await issuer.token())).toMatchObject({ code: 'issuer-unavailable' });
    issuer.instead = undefined;
    clock.monotonicMs += 5_000;
    expect(await people.authenticate(await issuer.token())).toMatchObject({ callerId: `${issuer.url}#kari` });
  });

  test.each([
    ['refuses', (): void => void (issuer.instead = (_request, response) => void response.writeHead(503).end())],
    ['sends on to another place', (): void => void (issuer.instead = (_request, response) => void response.writeHead(302, { Location: `${issuer.url}/keys` }).end())],
    ['talks nonsense', (): void => void (issuer.instead = (_request, response) => void response.end('<html>'))],
    ['has no keys to tell', (): void => void (issuer.instead = (_request, response) => void response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/openid-configuration` })))],
    ['has keys where anybody may change them', (): void => void (issuer.instead = (_request, response) => void response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://farm.example/keys' })))],
    ['talks without end', (): void => void (issuer.instead = (_request, response) => void response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/openid-configuration`, keys: issuer.keys.map(({ jwk }) => jwk), pad: 'x'.repeat(1024 * 1024) })))],
    ['calls itself by another name', (): void => void (issuer.calledSelf = 'https://evil.example')],
  ])('an issuer that %s lets nobody in, and is not asked for each token', async (_what, break_) => {
    usingKeys();
    const { people, clock } = known();
    break_();
    for (let time = 0; time < 3; time += 1) {
      expect(await refusal(people, await issuer.token())).toMatchObject({ code: 'issuer-unavailable' });
    }
    Object.assign(issuer, { instead: undefined, calledSelf: issuer.url });
    expect(await refusal(people, await issuer.token())).toMatchObject({ code: 'issuer-unavailable' });
    clock.monotonicMs += 5_000;
    expect(await people.authenticate(await issuer.token())).toMatchObject({ callerId: `${issuer.url}#kari` });
  });

  test('an issuer that is not there lets nobody in', async () => {
    const { people } = known('http://127.0.0.1:1');
    expect(await refusal(people, await issuer.token({ iss: 'http://127.0.0.1:1' }))).toMatchObject({ code: 'issuer-unavailable' });
  });

  test('no token of somebody else has it asked', async () => {
    usingKeys();
    const { people } = known();
    for (const bearer of ['test-admin-key', 'a.b.c', await issuer.token({ iss: 'https://evil.example' }), '..']) expect(people.isToken(bearer)).toBe(false);
    expect(issuer.timesAsked).toBe(0);
  });
});

test('without an issuer a token is a key like any other', async () => {
  const people = peopleOf(CLAIMS, { clock: { now: () => NOW_MS }, machine: { monotonicMs: () => 0 }, log: createLog('silent') });
  const asked: string[] = [];
  const authenticate = withPeople(people, (key) => {
    asked.push(key);
    return Promise.resolve(undefined);
  });
  const token = await issuer.token();
  expect(await authenticate(token)).toBeUndefined();
  expect(asked).toEqual([token]);
});
