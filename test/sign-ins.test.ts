import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeKey, withKey } from './support/api-key.ts';
import { eventually, openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { EventStream } from './support/event-stream.ts';
import { AUDIENCE, startOidcIssuer, type OidcIssuer } from './support/oidc-issuer.ts';
import { problemIn } from './support/rest-shapes.ts';

let issuer: OidcIssuer;
let bridge: TestBridge;
beforeAll(async () => {
  issuer = await startOidcIssuer();
  bridge = await openTestBridge({ OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE });
  await bridge.enrol('pond-1', 'farm');
});
afterAll(async () => {
  await bridge.dispose();
  await issuer.dispose();
});

const HOUR_MS = 3_600_000;
const instant = z.iso.datetime({ precision: 3 });
const Code = z.strictObject({ code: z.string().regex(/^[\w-]{43}$/), expiresAt: instant });
const SignedIn = z.strictObject({ bearer: z.string().regex(/^[\w-]{43}$/), expiresAt: instant });
const Me = z.strictObject({ name: z.string(), kind: z.enum(['key', 'person']), role: z.string(), sites: z.array(z.string()).nullable(), expiresAt: instant.nullable() });
const Audit = z.object({ items: z.array(z.looseObject({ action: z.string() })) });
const NewKey = z.looseObject({ expiresAt: instant.nullable() });

const as = (bearer: string, method: string, path: string, body?: unknown): Promise<Answer> =>
  bridge.rest(method, path, { body, headers: { Authorization: `Bearer ${bearer}` } });
const makeCode = async (bearer: string, asked: { uses?: number; validSeconds?: number } = {}): Promise<z.infer<typeof Code>> =>
  Code.parse((await as(bearer, 'POST', '/sign-in-codes', asked)).body);
const use = (code: string): Promise<Answer> => bridge.rest('POST', '/sign-ins', { body: { code }, headers: { Authorization: '' } });
const signIn = async (bearer: string): Promise<z.infer<typeof SignedIn>> => SignedIn.parse((await use((await makeCode(bearer)).code)).body);
const me = async (bearer: string): Promise<z.infer<typeof Me>> => Me.parse((await as(bearer, 'GET', '/me')).body);
const isOut = async (bearer: string): Promise<void> => void problemIn(await as(bearer, 'GET', '/me'), 401, 'unauthenticated');
const untilMs = (time: string): number => Date.parse(time) - Date.now();

test('whoever asks is told who it is', async () => {
  expect((await bridge.rest('GET', '/me')).body).toEqual({ name: 'ADMIN_KEY', kind: 'key', role: 'admin', sites: null, expiresAt: null });
  const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
  const { key, name } = await makeKey(bridge, 'operator', { sites: ['farm'], expiresAt });
  expect(await me(key)).toEqual({ name, kind: 'key', role: 'operator', sites: ['farm'], expiresAt });
  expect(await me(await issuer.token({ email: 'kari@farm.example' }))).toMatchObject({ name: 'kari@farm.example', kind: 'person', role: 'viewer', sites: ['farm'] });
});

test('a code lets its caller in as itself, for 12 hours, and the audit names the same author', async () => {
  const { key, name, apiKeyId } = await makeKey(bridge, 'operator', { sites: ['farm'] });
  const { code, expiresAt: codeUntil } = await makeCode(key);
  expect(Math.abs(untilMs(codeUntil) - 300_000)).toBeLessThan(10_000);
  const { bearer, expiresAt } = SignedIn.parse((await use(code)).body);
  expect(Math.abs(untilMs(expiresAt) - 12 * HOUR_MS)).toBeLessThan(10_000);
  expect(await me(bearer)).toEqual({ name, kind: 'key', role: 'operator', sites: ['farm'], expiresAt });
  problemIn(await as(bearer, 'PATCH', '/feeders/pond-1/config', { mealGrams: 1 }), 409, 'feeder-offline');
  problemIn(await as(bearer, 'GET', '/audit'), 403, 'forbidden');
  const entries = await eventually(async () => {
    const { items } = Audit.parse((await bridge.rest('GET', `/audit?author=${apiKeyId}`)).body);
    return items.some(({ action }) => action === 'changeConfig') ? items : undefined;
  });
  const author = { kind: 'key', id: apiKeyId, name, address: '127.0.0.1' };
  for (const action of ['makeSignInCode', 'signIn', 'changeConfig']) expect(entries).toContainEqual(expect.objectContaining({ action, author: expect.objectContaining(author) as unknown, sites: ['farm'] }));
});

test('a code is good as often as it was made for, and no more', async () => {
  const { key } = await makeKey(bridge, 'viewer');
  const { code } = await makeCode(key, { uses: 2 });
  const answers = await Promise.all([use(code), use(code), use(code)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 401]);
  expect(problemIn(await use(code), 401, 'unauthenticated').detail).toContain('Ask for a new one');
  problemIn(await use('never-made'), 401, 'unauthenticated');
  problemIn(await as(key, 'POST', '/sign-in-codes', { uses: 101 }), 400, 'malformed');
  problemIn(await as(key, 'POST', '/sign-in-codes', { validSeconds: 29 }), 400, 'malformed');
  problemIn(await bridge.rest('POST', '/sign-ins', { body: { code, role: 'admin' } }), 400, 'malformed');
});

test('of many codes of one caller the oldest go first, and those of others stay', async () => {
  const [{ key }, other] = await Promise.all([makeKey(bridge, 'viewer'), makeKey(bridge, 'viewer')]);
  const others = await makeCode(other.key);
  const codes = [];
  for (let made = 0; made <= 20; made += 1) codes.push((await makeCode(key)).code);
  problemIn(await use(codes[0] ?? ''), 401, 'unauthenticated');
  expect((await use(codes[1] ?? '')).status).toBe(201);
  expect((await use(others.code)).status).toBe(201);
});

test('a session ends with its key, what is being sent too, and so do codes', async () => {
  const { key, apiKeyId } = await makeKey(bridge, 'viewer');
  const { bearer } = await signIn(key);
  const [{ code }, second] = await Promise.all([makeCode(key), signIn(bearer)]);
  const stream = await EventStream.open(bridge, { key: bearer });
  await bridge.rest('DELETE', `/keys/${apiKeyId}`);
  await stream.over;
  await isOut(bearer);
  await isOut(second.bearer);
  problemIn(await use(code), 401, 'unauthenticated');
});

test('neither code nor session outlasts a key that expires, by no way round', async () => {
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const first = await signIn((await makeKey(bridge, 'viewer', { expiresAt })).key);
  expect((await makeCode(first.bearer)).expiresAt).toBe(expiresAt);
  const second = await signIn(first.bearer);
  expect([first.expiresAt, second.expiresAt, (await me(second.bearer)).expiresAt]).toEqual([expiresAt, expiresAt, expiresAt]);
});

test('a session cannot prolong itself', async () => {
  const { key } = await makeKey(bridge, 'viewer');
  const first = await signIn(key);
  const second = await signIn(first.bearer);
  expect(second.expiresAt).toBe(first.expiresAt);
});

test("a person's session ends with the token", async () => {
  const token = await issuer.token({ email: 'kari@farm.example', exp: Math.floor(Date.now() / 1000) + 600 });
  const { bearer, expiresAt } = await signIn(token);
  expect(await me(bearer)).toEqual({ ...(await me(token)), expiresAt });
  expect(expiresAt).toBe((await me(token)).expiresAt);
});

test('what a session hands out may last as long as what its key hands out', async () => {
  const { bearer } = await signIn((await makeKey(bridge, 'admin')).key);
  expect(NewKey.parse((await as(bearer, 'POST', '/keys', { name: 'lasts', role: 'viewer' })).body).expiresAt).toBeNull();
  const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
  const short = await signIn((await makeKey(bridge, 'admin', { expiresAt })).key);
  expect(NewKey.parse((await as(short.bearer, 'POST', '/keys', { name: 'lasts as long', role: 'viewer' })).body).expiresAt).toBe(expiresAt);
  problemIn(await as(short.bearer, 'POST', '/keys', { name: 'lasts longer', role: 'viewer', expiresAt: null }), 403, 'forbidden');
});

test('signing out ends that session, its streams and its codes, and nothing else', async () => {
  const made = await makeKey(bridge, 'viewer');
  const [own, other] = await Promise.all([signIn(made.key), signIn(made.key)]);
  const { code } = await makeCode(own.bearer);
  const [stream, others] = await Promise.all([EventStream.open(bridge, { key: own.bearer }), EventStream.open(bridge, { key: other.bearer })]);
  expect((await as(own.bearer, 'DELETE', '/sign-ins/own')).status).toBe(204);
  await stream.over;
  await isOut(own.bearer);
  problemIn(await use(code), 401, 'unauthenticated');
  expect((await as(made.key, 'DELETE', '/sign-ins/own')).status).toBe(204);
  expect((await me(other.bearer)).name).toBe(made.name);
  expect((await bridge.rest('GET', '/me', withKey(made))).status).toBe(200);
  expect(others.answer.destroyed).toBe(false);
});

test('where no issuer signs people in, the page is told so', async () => {
  expect((await bridge.rest('GET', '/sign-in-ways', { headers: { Authorization: '' } })).body).toEqual({ oidc: null });
});

test('a restart ends sessions and codes, and no key', async () => {
  const { key } = await makeKey(bridge, 'viewer');
  const { bearer } = await signIn(key);
  const { code } = await makeCode(key);
  await bridge.restart();
  await isOut(bearer);
  problemIn(await use(code), 401, 'unauthenticated');
  expect((await me(key)).role).toBe('viewer');
});
