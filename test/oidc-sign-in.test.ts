import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { challengeOf, CLIENT_ID, CLIENT_SECRET } from './support/oidc-code-flow.ts';
import { AUDIENCE, startOidcIssuer, type OidcIssuer } from './support/oidc-issuer.ts';
import { problemIn } from './support/rest-shapes.ts';

let issuer: OidcIssuer;
let bridge: TestBridge;
beforeAll(async () => {
  issuer = await startOidcIssuer();
  bridge = await openTestBridge({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, OIDC_CLIENT_ID: CLIENT_ID, OIDC_CLIENT_SECRET: CLIENT_SECRET });
});
afterAll(async () => {
  await bridge.dispose();
  await issuer.dispose();
});
afterEach(() => (issuer.codeFlow.instead = undefined));

const VERIFIER = 'a'.repeat(43);
const REDIRECT_URI = 'https://feeders.farm.example/console?x=1';
const SignedIn = z.strictObject({ bearer: z.string(), expiresAt: z.iso.datetime({ precision: 3 }) });
const Authorization = z.strictObject({ url: z.url() });
const noKey = { Authorization: '' };

const authorize = (more: { redirectUri?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
  bridge.rest('POST', '/oidc-authorizations', {
    body: { redirectUri: more.redirectUri ?? REDIRECT_URI, state: 'st', codeChallenge: challengeOf(VERIFIER) },
    headers: { ...noKey, ...more.headers },
  });

/** Has the issuer sign somebody in, as a browser would. */
async function issuedCode(): Promise<string> {
  const { url } = Authorization.parse((await authorize()).body);
  const location = await new Promise<string>((resolve, reject) => {
    get(url, ({ headers, statusCode }) => resolve(headers.location ?? `expected to be sent back, found ${statusCode}`)).on('error', reject);
  });
  expect(location).toContain(`${new URL(REDIRECT_URI).origin}/console?`);
  expect(new URL(location).searchParams.get('state')).toBe('st');
  return new URL(location).searchParams.get('code') ?? expect.fail('no code');
}

const signIn = (code: string, more: { codeVerifier?: string; redirectUri?: string; headers?: Record<string, string> } = {}): Promise<Answer> =>
  bridge.rest('POST', '/sign-ins', {
    body: { oidc: { code, codeVerifier: more.codeVerifier ?? VERIFIER, redirectUri: more.redirectUri ?? REDIRECT_URI } },
    headers: { ...noKey, ...more.headers },
  });

const idToken = (): Promise<string> => issuer.token({ aud: CLIENT_ID, iat: Math.floor(Date.now() / 1000) });
const whoIs = (bearer: string): Promise<Answer> => bridge.rest('GET', '/me', { headers: { Authorization: `Bearer ${bearer}` } });

test('the page is told where people sign in', async () => {
  expect((await bridge.rest('GET', '/sign-in-ways', { headers: noKey })).body).toEqual({ oidc: { issuer: new URL(issuer.url).host } });
});

describe('a code of the issuer', () => {
  test('is exchanged for the access token where that lets somebody in, which is the bearer', async () => {
    const token = await issuer.token({ email: 'kari@farm.example', feederbridge_role: 'operator' });
    issuer.codeFlow.tokens = { access_token: token, id_token: await idToken() };
    const { bearer, expiresAt } = SignedIn.parse((await signIn(await issuedCode())).body);
    expect(bearer).toBe(token);
    expect((await whoIs(bearer)).body).toEqual({ name: 'kari@farm.example', kind: 'person', role: 'operator', sites: ['farm'], expiresAt });
    expect((await bridge.rest('DELETE', '/sign-ins/own', { headers: { Authorization: `Bearer ${bearer}` } })).status).toBe(204);
  });

  test('else for the id token', async () => {
    const token = await issuer.token({ aud: [CLIENT_ID, AUDIENCE], azp: CLIENT_ID, iat: Math.floor(Date.now() / 1000) });
    issuer.codeFlow.tokens = { access_token: 'opaque', id_token: token };
    expect(SignedIn.parse((await signIn(await issuedCode())).body).bearer).toBe(token);
  });

  test('lets nobody in whose tokens do not', async () => {
    issuer.codeFlow.tokens = { access_token: await issuer.token({ feederbridge_role: 'fisher' }) };
    expect(problemIn(await signIn(await issuedCode()), 401, 'unauthenticated').detail).toContain('"feederbridge_role"');
    issuer.codeFlow.tokens = { access_token: 'opaque' };
    expect(problemIn(await signIn(await issuedCode()), 401, 'unauthenticated').detail).toContain('OIDC_AUDIENCE');
  });

  test('is good once, with its own verifier and page', async () => {
    issuer.codeFlow.tokens = { access_token: await issuer.token() };
    const refused = async (answer: Promise<Answer>) => problemIn(await answer, 401, 'unauthenticated').detail;
    expect(await refused(signIn(await issuedCode(), { codeVerifier: 'b'.repeat(43) }))).toContain('Sign in again');
    await refused(signIn(await issuedCode(), { redirectUri: 'https://feeders.farm.example/' }));
    const code = await issuedCode();
    expect((await signIn(code)).status).toBe(201);
    await refused(signIn(code));
  });

  test('is also exchanged at an issuer that takes the secret in the body', async () => {
    issuer.codeFlow.authMethods = ['client_secret_post'];
    await bridge.restart();
    issuer.codeFlow.tokens = { access_token: await issuer.token() };
    expect((await signIn(await issuedCode())).status).toBe(201);
  });
});

test('a page is sent back to its own origin alone', async () => {
  const headers = { Origin: 'https://other.example' };
  expect(problemIn(await authorize({ headers }), 400, 'malformed').errors).toMatchObject([{ pointer: '/redirectUri' }]);
  expect((await authorize({ headers: { Origin: 'https://feeders.farm.example' } })).status).toBe(200);
  const before = issuer.codeFlow.timesAsked;
  expect(problemIn(await signIn('x', { headers }), 400, 'malformed').errors).toMatchObject([{ pointer: '/oidc/redirectUri' }]);
  expect(issuer.codeFlow.timesAsked).toBe(before);
});

test.each(['javascript:alert(1)', 'https://kari:secret@farm.example/', 'https://farm.example/#x', '/console', 'custom://farm.example/'])('nobody is sent to %s', async (redirectUri) => {
  problemIn(await authorize({ redirectUri }), 400, 'malformed');
});

test('an issuer that fails is told to be away, and nothing is followed', async () => {
  const fail = async (instead: OidcIssuer['codeFlow']['instead']) => {
    issuer.codeFlow.instead = instead;
    const before = issuer.timesAsked;
    problemIn(await signIn('x'), 503, 'issuer-unavailable');
    expect(issuer.timesAsked).toBe(before);
  };
  await fail((response) => void response.destroy());
  await fail((response) => void response.writeHead(307, { Location: `${issuer.url}/keys` }).end());
  await fail((response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"token_type":"Bearer"}'));
  await fail((response) => void response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"x":"${'x'.repeat(1024 * 1024)}"}`));
  await fail((response) => void response.writeHead(401, { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Basic' }).end('{"error":"invalid_client"}'));
});

test('strangers cannot have the issuer asked without end', async () => {
  issuer.codeFlow.instead = undefined;
  const before = issuer.codeFlow.timesAsked;
  const answers = await Promise.all(Array.from({ length: 40 }, () => signIn('x')));
  const limited = answers.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(10);
  expect(issuer.codeFlow.timesAsked - before).toBe(40 - limited.length);
  expect(limited[0]?.headers.get('retry-after')).toBe('2');
});
