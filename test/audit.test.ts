import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../src/store/database.ts';
import { openTestBridge, type TestBridge } from './support/bridge.ts';
import { parseCsv } from './support/csv.ts';
import { connectAgent } from './support/live-feeder.ts';
import { connack, connectPacket, subscribePacket, suback } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';

const Entry = z.object({
  at: z.string(),
  author: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable(), address: z.string().nullable(), requestId: z.string().nullable() }),
  action: z.string(),
  site: z.string().nullable(),
  sites: z.array(z.string()).nullable(),
  feederId: z.string().nullable(),
  target: z.string().nullable(),
  result: z.string(),
  code: z.string().nullable(),
  times: z.int(),
  asked: z.unknown(),
  before: z.unknown(),
  after: z.unknown(),
});
const Page = z.object({ items: z.array(Entry), nextCursor: z.string().optional() });
const NewKey = z.object({ apiKeyId: z.string(), key: z.string() });

let bridge: TestBridge;
let token: string;
const keys: Record<string, z.infer<typeof NewKey>> = {};

beforeAll(async () => {
  bridge = await openTestBridge();
  await bridge.enrol('far-1', 'away');
  token = await bridge.enrol('pond-1', 'home');
  for (const [name, role, sites] of [['viewer', 'viewer', ['home']], ['boss', 'admin', ['home']], ['both', 'admin', ['home', 'away']]] as const) {
    keys[name] = NewKey.parse((await bridge.rest('POST', '/keys', { body: { name, role, sites } })).body);
  }
});
afterAll(() => bridge.dispose());

const as = (name: string) => ({ Authorization: `Bearer ${keys[name]?.key ?? name}` });
const audit = async (query = '', headers: Record<string, string> = {}) => Page.parse((await bridge.rest('GET', `/audit?limit=500${query}`, { headers })).body).items;

test('a change is told with who made it, from where, in which request, and what held before and after', async () => {
  const pond = await connectAgent(bridge, 'pond-1', token);
  const change = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 }, headers: { 'X-Request-Id': 'desk-1' } });
  const command = await pond.command();
  await pond.ack(command, { outcome: 'applied', readBack: { mealGrams: 120 }, previous: { mealGrams: 100 } });
  await change;
  const { body } = await bridge.rest('POST', '/webhooks', { body: { url: 'https://farm.example/a', sites: ['home'] } });
  const { webhookId, secret } = z.object({ webhookId: z.string(), secret: z.string() }).parse(body);
  await bridge.rest('DELETE', `/webhooks/${webhookId}`);
  await bridge.rest('PATCH', '/feeders/pond-1/alarm-thresholds', { body: { mealsMissed: 5 } });
  const login = z.object({ siteLoginId: z.string(), password: z.string() }).parse((await bridge.rest('POST', '/site-logins', { body: { site: 'home', name: 'Kari' } })).body);
  await bridge.rest('DELETE', `/site-logins/${login.siteLoginId}`);

  const entries = await audit('&result=done');
  const about = (action: string) => entries.filter((entry) => entry.action === action).map(({ site, feederId, target, before, after }) => ({ site, feederId, target, before, after }));
  const admin = { kind: 'key', name: 'ADMIN_KEY', address: '127.0.0.1' };
  expect(entries.find(({ action }) => action === 'changeConfig')).toMatchObject({
    author: { ...admin, requestId: 'desk-1' }, site: 'home', feederId: 'pond-1', target: command.commandId, result: 'done',
    asked: { kind: 'set-config', mealGrams: 120 }, before: { mealGrams: 100 }, after: { mealGrams: 120 },
  });
  const webhook = { origin: 'https://farm.example', sites: ['home'], severities: null, types: null };
  expect(about('makeWebhook')).toEqual([{ site: 'home', feederId: null, target: webhookId, before: null, after: webhook }]);
  expect(about('removeWebhook')).toEqual([{ site: 'home', feederId: null, target: webhookId, before: webhook, after: null }]);
  expect(about('changeAlarmThresholds')).toMatchObject([{ feederId: 'pond-1', before: { mealsMissed: 2 }, after: { mealsMissed: 5 } }]);
  expect(about('makeSiteLogin')).toMatchObject([{ site: 'home', target: login.siteLoginId, after: { name: 'Kari' } }]);
  expect(about('removeSiteLogin')).toMatchObject([{ site: 'home', target: login.siteLoginId, before: { name: 'Kari' }, after: null }]);
  expect(about('makeKey')).toHaveLength(3);
  for (const each of [secret, login.password, keys['boss']?.key]) expect(JSON.stringify(entries)).not.toContain(each);
});

test('a command that was not carried out, or perhaps was, is told as that', async () => {
  const pond = await connectAgent(bridge, 'pond-1', token);
  const change = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 130 } });
  await pond.ack(await pond.command(), { outcome: 'rejected', readBack: { mealGrams: 120 }, previous: { mealGrams: 120 }, reason: { code: 'plc-exception', message: 'no' } });
  const dose = bridge.rest('POST', '/feeders/pond-1/commands', { body: { kind: 'feed-now', grams: 50 }, headers: { 'Idempotency-Key': 'dose-1' } });
  await pond.ack(await pond.otherCommand(), { outcome: 'indeterminate', readBack: {}, previous: {} });
  expect([(await change).status, (await dose).status]).toEqual([502, 502]);
  expect(await audit('&result=indeterminate')).toMatchObject([{ action: 'sendCommand', code: 'command-indeterminate', asked: { kind: 'feed-now', grams: 50 } }]);
  // Once: its outcome, not the answer too.
  expect(await audit('&feeder=pond-1&action=changeConfig&result=refused')).toMatchObject([
    { code: 'command-rejected', asked: { mealGrams: 130 }, before: { mealGrams: 120 }, after: { mealGrams: 120 }, times: 1 },
  ]);
});

test('refused attempts are told, folded where they come again and again, without what was written in them', async () => {
  const patch = (feederId: string, headers: Record<string, string>) => bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams: 1 }, headers });
  for (let turn = 0; turn < 5; turn += 1) expect((await patch('pond-1', as('viewer'))).status).toBe(403);
  expect((await patch('far-1', as('boss'))).status).toBe(404);
  expect((await patch('nowhere', as('boss'))).status).toBe(404);
  expect((await bridge.rest('GET', '/feeders/far-1', { headers: as('viewer') })).status).toBe(404);
  expect((await bridge.rest('GET', '/feeders/nowhere', { headers: as('viewer') })).status).toBe(404);
  for (let turn = 0; turn < 3; turn += 1) expect((await bridge.rest('GET', '/feeders', { headers: as('cormorant-cormorant') })).status).toBe(401);
  expect((await bridge.rest('PATCH', '/feeders/pond-1/alarm-thresholds', { body: { spoon: 1 } })).status).toBe(422);

  const guess = await RawClient.open(bridge.mqttUrl);
  guess.send(connectPacket({ clientId: 'pond-1', username: 'pond-1', password: 'gannet-gannet' }));
  await guess.expect(connack(4));
  const nosy = await RawClient.open(bridge.mqttUrl);
  nosy.send(connectPacket({ clientId: 'far-1', username: 'far-1', password: await bridge.rest('POST', '/feeders/far-1/token').then(({ body }) => z.object({ token: z.string() }).parse(body).token) }));
  await nosy.expect(connack(0));
  nosy.send(subscribePacket('feeder/pond-1/command', { id: 1 }));
  await nosy.expect(suback(1, 128));

  await bridge.restart();
  const refused = await audit('&result=refused');
  const told = (action: string, code: string) => refused.filter((entry) => entry.action === action && entry.code === code);
  const timesOf = (entries: typeof refused): number => entries.reduce((sum, { times }) => sum + times, 0);
  const forbidden = told('changeConfig', 'forbidden');
  expect(forbidden.map(({ times }) => times).sort()).toEqual([1, 4]);
  expect(forbidden[0]).toMatchObject({ author: { kind: 'key', id: keys['viewer']?.apiKeyId, name: 'viewer' }, site: 'home', feederId: 'pond-1', result: 'refused' });
  // Neither of them is of a site that its author may know of, so that nobody can tell them apart.
  expect(told('changeConfig', 'not-found')).toMatchObject([{ site: null, feederId: null }, { site: null, feederId: 'far-1' }]);
  // A look at what is not there is nothing; at what is another's, it is.
  expect(told('getFeeder', 'not-found')).toMatchObject([{ author: { name: 'viewer' }, site: null, feederId: 'far-1' }]);
  expect(timesOf(told('authenticate', 'unauthenticated'))).toBe(3);
  expect(told('changeAlarmThresholds', 'unsupported-parameter')).toMatchObject([{ author: { name: 'ADMIN_KEY' }, feederId: 'pond-1' }]);
  expect(told('mqttConnect', 'unauthenticated')).toMatchObject([{ author: { kind: 'nobody', address: '127.0.0.1' } }]);
  expect(told('mqttSubscribe', 'forbidden')).toMatchObject([{ author: { kind: 'feeder', id: 'far-1' }, site: 'away' }]);
  expect(JSON.stringify(refused)).not.toMatch(/cormorant|gannet|spoon|nowhere/);
});

test('an admin of some sites sees what is about these, and nothing of others; nobody else sees anything', async () => {
  const all = await audit();
  const own = await audit('', as('boss'));
  expect(own).toEqual(all.filter(({ site }) => site === 'home'));
  expect(own.length).toBeGreaterThan(5);
  expect(await audit('', as('both'))).toEqual(all.filter(({ sites }) => sites?.every((site) => site === 'home' || site === 'away')));
  expect(await audit('&feeder=far-1', as('boss'))).toEqual([]);

  const paged: unknown[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page: z.infer<typeof Page> = Page.parse((await bridge.rest('GET', `/audit?limit=3${cursor && `&cursor=${cursor}`}`, { headers: as('boss') })).body);
    paged.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(own);
  const csv = await fetch(`${bridge.url}/api/v1/audit`, { headers: { ...as('boss'), Accept: 'text/csv' } });
  expect(parseCsv(await csv.text())).toHaveLength(own.length + 1);
  expect((await bridge.rest('GET', '/audit', { headers: as('viewer') })).status).toBe(403);
});

test('what concerns several sites is seen by those who have all of them', async () => {
  const sites = ['away', 'home'];
  const { body } = await bridge.rest('POST', '/webhooks', { body: { url: 'https://farm.example/b' }, headers: as('both') });
  const { webhookId: target } = z.object({ webhookId: z.string() }).parse(body);
  const { apiKeyId } = NewKey.parse((await bridge.rest('POST', '/keys', { body: { name: 'heir', role: 'viewer' }, headers: as('both') })).body);
  await bridge.rest('DELETE', `/keys/${apiKeyId}`, { headers: as('both') });
  const about = async (id: string, name: string) => (await audit('', as(name))).filter((entry) => entry.target === id).map(({ action, site, sites }) => ({ action, site, sites }));
  expect(await about(target, 'both')).toEqual([{ action: 'makeWebhook', site: null, sites }]);
  expect(await about(target, 'boss')).toEqual([]);
  expect(await about(apiKeyId, 'both')).toEqual([{ action: 'revokeKey', site: null, sites }, { action: 'makeKey', site: null, sites }]);
  expect(await about(apiKeyId, 'boss')).toEqual([]);
  const csv = await fetch(`${bridge.url}/api/v1/audit?action=makeWebhook`, { headers: { ...as('both'), Accept: 'text/csv' } });
  expect(await csv.text()).toContain(',makeWebhook,away home,');
});

test('nobody hides what others try behind all that they try themselves', async () => {
  const made = async (name: string, role: string, site: string): Promise<void> => {
    keys[name] = NewKey.parse((await bridge.rest('POST', '/keys', { body: { name, role, sites: [site] } })).body);
  };
  const noisy = ['noise-1', 'noise-2', 'noise-3', 'noise-4'];
  for (const name of noisy) await made(name, 'viewer', 'home');
  await made('thief', 'viewer', 'away');
  await made('far-boss', 'admin', 'away');
  const things = ['keys', 'audit', 'webhooks', 'site-logins', 'email-contacts'];
  const tries = [...things.map((path) => ['GET', `/${path}`] as const), ...['feeders', ...things.filter((path) => path !== 'audit')].map((path) => ['POST', `/${path}`] as const),
    ...['token', 'claim-code', 'commands'].map((path) => ['POST', `/feeders/pond-1/${path}`] as const), ['DELETE', '/feeders/pond-1'], ['PATCH', '/feeders/pond-1/config']] as const;
  for (const name of noisy) for (const [method, path] of tries) expect((await bridge.rest(method, path, { headers: as(name) })).status).toBe(403);
  expect((await bridge.rest('POST', '/feeders/far-1/token', { headers: as('thief') })).status).toBe(403);
  await bridge.restart();
  expect(await audit('&result=refused&author=thief', as('far-boss'))).toMatchObject([{ action: 'rotateToken', site: 'away', feederId: 'far-1', times: 1 }]);
  // Ten of each are told apart, and of the rest how many they were.
  for (const name of noisy) {
    const told = await audit(`&author=${name}`, as('boss'));
    expect(told).toHaveLength(11);
    expect(told[0]).toMatchObject({ author: { kind: 'key', id: keys[name]?.apiKeyId }, action: 'several', code: 'several', site: 'home', feederId: null, times: tries.length - 10 });
  }
});

test('entries can be neither changed nor removed', async () => {
  const before = await audit();
  await bridge.stop();
  const db = await openDatabase({ databaseUrl: bridge.database.databaseUrl, dataDir: bridge.database.dataDir, onLost: () => undefined });
  for (const statement of ['UPDATE audit_entry SET action = action', 'DELETE FROM audit_entry', 'DELETE FROM audit_entry WHERE false', 'TRUNCATE audit_entry']) {
    await expect(db.query(statement)).rejects.toThrow('never changed');
  }
  const quietly = db.transaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query('DELETE FROM audit_entry');
  });
  await expect(quietly).rejects.toThrow('never changed');
  await db.close();
  await bridge.restart();
  expect(await audit()).toEqual(expect.arrayContaining(before));
});
