import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { KeyShape, makeKey, withKey } from './support/api-key.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { EventStream } from './support/event-stream.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { problemIn } from './support/rest-shapes.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
  await bridge.enrol('pond-1', 'site-a');
});
afterAll(() => bridge.dispose());

const KeyPage = z.strictObject({ items: z.array(KeyShape), nextCursor: z.string().optional() });
const list = async (query = '', more = {}) => KeyPage.parse((await bridge.rest('GET', `/keys${query}`, more)).body);
const status = async (path: string, more: object): Promise<number> => (await bridge.rest('GET', path, more)).status;

test('a key is told once, and its list tells when it was last used', async () => {
  const made = await makeKey(bridge, 'operator', { sites: ['site-b', 'site-a', 'site-b'], name: "Kari's phone", expiresAt: '2099-01-31T17:00:00+01:00' });
  const { key, ...shown } = made;
  expect(shown).toMatchObject({ role: 'operator', sites: ['site-a', 'site-b'], createdBy: 'ADMIN_KEY', expiresAt: '2099-01-31T16:00:00.000Z', lastUsedAt: null });
  expect((await list()).items).toContainEqual(shown);
  expect(await status('/feeders', withKey(made))).toBe(200);
  const used = await eventually(async () => (await list()).items.find(({ apiKeyId, lastUsedAt }) => apiKeyId === made.apiKeyId && lastUsedAt !== null));
  expect(JSON.stringify(await list())).not.toContain(key);
  await bridge.restart();
  expect(await status('/feeders', withKey(made))).toBe(200);
  expect((await list()).items).toContainEqual(used);
});

test('names are taken among the keys for the same sites, so that nobody hears of others by them', async () => {
  const here = { name: 'phone', sites: ['site-a'] };
  const made = await makeKey(bridge, 'viewer', here);
  const admin = await makeKey(bridge, 'admin', { sites: ['site-b'] });
  problemIn(await bridge.rest('POST', '/keys', { body: { ...here, role: 'admin' } }), 409, 'key-exists');
  const there = await bridge.rest('POST', '/keys', { body: { name: 'phone', role: 'viewer' }, ...withKey(admin) });
  expect(there.body).toMatchObject({ name: 'phone', sites: ['site-b'], createdBy: admin.name });
  expect((await bridge.rest('DELETE', `/keys/${made.apiKeyId}`)).status).toBe(204);
  await makeKey(bridge, 'viewer', here);
});

test('keys are listed newest first, in pages', async () => {
  for (let count = 0; count < 3; count += 1) await makeKey(bridge, 'viewer');
  const { items } = await list('?limit=500');
  expect(items.map(({ createdAt }) => createdAt)).toEqual(items.map(({ createdAt }) => createdAt).sort().reverse());
  const paged = [];
  for (let page = await list('?limit=2'); ; page = await list(`?limit=2&cursor=${page.nextCursor}`)) {
    paged.push(...page.items);
    if (page.nextCursor === undefined) break;
  }
  expect(paged).toEqual(items);
});

test('what is no key is refused, and named', async () => {
  const refuse = async (body: object) => problemIn(await bridge.rest('POST', '/keys', { body }), 400, 'malformed').detail;
  const right = { name: 'phone', role: 'viewer' };
  expect(await refuse({ ...right, role: 'king' })).toContain('viewer, operator, admin');
  expect(await refuse({ ...right, sites: [] })).toContain('/sites');
  expect(await refuse({ ...right, sites: ['North Farm'] })).toContain('/sites/0');
  expect(await refuse({ ...right, expiresAt: '2020-01-01T00:00:00Z' })).toContain('expected a time in the future');
  expect(await refuse({ ...right, site: 'site-a' })).toContain('expected no site');
  expect(await refuse({ name: ' ', role: 'viewer' })).toContain('/name');
});

test('a revoked key ends its streams at once, and nobody else’s; a change under way is done and answered', async () => {
  const revoked = await makeKey(bridge, 'operator');
  const other = await makeKey(bridge, 'viewer');
  const agent = await liveFeeder(bridge, 'swimmer');
  const streams = await Promise.all([revoked, revoked, other].map(({ key }) => EventStream.open(bridge, { key })));
  const change = bridge.rest('PATCH', '/feeders/swimmer/config', { body: { mealGrams: 120 }, ...withKey(revoked) });
  const command = await agent.command();
  const beganMs = performance.now();
  expect((await bridge.rest('DELETE', `/keys/${revoked.apiKeyId}`)).status).toBe(204);
  await Promise.all(streams.slice(0, 2).map(({ over }) => over));
  expect(performance.now() - beganMs).toBeLessThan(1_000);
  problemIn(await bridge.rest('GET', '/feeders', withKey(revoked)), 401, 'unauthenticated');
  problemIn(await bridge.rest('GET', '/events', withKey(revoked)), 401, 'unauthenticated');
  await agent.applied(command);
  expect((await change).status).toBe(200);
  expect(streams[2]?.answer.destroyed).toBe(false);
  expect(await status('/feeders', withKey(other))).toBe(200);
  await bridge.restart();
  problemIn(await bridge.rest('GET', '/feeders', withKey(revoked)), 401, 'unauthenticated');
});

test('a key that was revoked while its request was on the way makes no other', async () => {
  const revoked = await makeKey(bridge, 'admin');
  const body = JSON.stringify({ name: 'successor', role: 'admin' });
  const { hostname, port } = new URL(bridge.url);
  const headers = { Authorization: `Bearer ${revoked.key}`, 'Content-Type': 'application/json', 'Content-Length': body.length };
  const late = request({ hostname, port, method: 'POST', path: '/api/v1/keys', headers });
  late.write(body.slice(0, 5));
  await eventually(async () => (await list()).items.find(({ apiKeyId, lastUsedAt }) => apiKeyId === revoked.apiKeyId && lastUsedAt !== null));
  expect((await bridge.rest('DELETE', `/keys/${revoked.apiKeyId}`)).status).toBe(204);
  late.end(body.slice(5));
  const [answer] = (await once(late, 'response')) as [IncomingMessage];
  answer.resume();
  expect(answer.statusCode).toBe(401);
  expect((await list()).items.filter(({ name }) => name === 'successor')).toEqual([]);
});

test('a key that expires makes none that outlasts it', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const admin = await makeKey(bridge, 'admin', { expiresAt });
  const make = (more: object) => bridge.rest('POST', '/keys', { body: { name: `heir ${JSON.stringify(more)}`, role: 'viewer', ...more }, ...withKey(admin) });
  expect((await make({})).body).toMatchObject({ expiresAt });
  expect((await make({ expiresAt })).status).toBe(201);
  const sooner = new Date(Date.parse(expiresAt) - 1).toISOString();
  expect((await make({ expiresAt: sooner })).body).toMatchObject({ expiresAt: sooner });
  problemIn(await make({ expiresAt: new Date(Date.parse(expiresAt) + 1).toISOString() }), 403, 'forbidden');
  problemIn(await make({ expiresAt: null }), 403, 'forbidden');
  const login = (more: object) => bridge.rest('POST', '/site-logins', { body: { site: 'site-a', name: 'explorer', ...more }, ...withKey(admin) });
  expect((await login({})).body).toMatchObject({ expiresAt });
  problemIn(await login({ expiresAt: null }), 403, 'forbidden');
});

test('no key is called what the bridge calls others', async () => {
  for (const name of ['ADMIN_KEY', 'npm run keys']) {
    problemIn(await bridge.rest('POST', '/keys', { body: { name, role: 'viewer', sites: ['site-a'] } }), 409, 'key-exists');
  }
});

test('a key may revoke itself', async () => {
  const admin = await makeKey(bridge, 'admin');
  expect((await bridge.rest('DELETE', `/keys/${admin.apiKeyId}`, withKey(admin))).status).toBe(204);
  problemIn(await bridge.rest('GET', '/keys', withKey(admin)), 401, 'unauthenticated');
  problemIn(await bridge.rest('DELETE', `/keys/${admin.apiKeyId}`), 404, 'not-found');
});

test('a key that expires lets nobody in any more, and its streams end', async () => {
  const expiring = await makeKey(bridge, 'viewer', { expiresAt: new Date(Date.now() + 1_000).toISOString() });
  const stream = await EventStream.open(bridge, { key: expiring.key });
  await stream.over;
  const lateMs = Date.now() - Date.parse(expiring.expiresAt ?? '');
  expect(lateMs).toBeGreaterThanOrEqual(0);
  expect(lateMs).toBeLessThan(2_000);
  problemIn(await bridge.rest('GET', '/feeders', withKey(expiring)), 401, 'unauthenticated');
});

test('the key of the settings is in no list, and cannot be revoked', async () => {
  expect((await list('?limit=500')).items.filter(({ name }) => name === 'ADMIN_KEY')).toEqual([]);
  problemIn(await bridge.rest('DELETE', '/keys/ADMIN_KEY'), 404, 'not-found');
});
