import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { makeKey, withKey, type TestKey } from './support/api-key.ts';
import { eventually, openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { connectAgent } from './support/live-feeder.ts';
import { sharedCheck, type OpenApiCheck } from './support/openapi-check.ts';
import { commandIn } from './support/rest-shapes.ts';

// Every operation that there is, asked for with every kind of key: about what is the key's own, about what is of another
// site, and about what is not there.

let bridge: TestBridge;
let check: OpenApiCheck;
beforeAll(async () => {
  bridge = await openTestBridge({ SMTP_URL: 'smtp://127.0.0.1:1', SMTP_FROM: 'bridge@farm.example' });
  check = await sharedCheck(() => fetch(`${bridge.url}/openapi.json`));
});
afterAll(() => bridge.dispose());

/** What belongs to a site, by what it is. */
type Things = Record<
  'site' | 'feederId' | 'removedId' | 'commandId' | 'removedCommandId' | 'alarmId' | 'webhookId' | 'emailContactId' | 'apiKeyId' | 'siteLoginId',
  string
>;

/** Things that are not there. */
const NOTHING: Things = {
  site: 'site-x',
  feederId: 'feeder-x',
  removedId: 'removed-x',
  commandId: randomUUID(),
  removedCommandId: randomUUID(),
  alarmId: randomUUID(),
  webhookId: randomUUID(),
  emailContactId: randomUUID(),
  apiKeyId: randomUUID(),
  siteLoginId: randomUUID(),
};

type Ask = { method?: string; path: string; body?: unknown };
type Case = {
  role: 'viewer' | 'operator' | 'admin' | 'anyone';
  /** What is asked; the number tells apart what can be made once alone. */
  ask: (of: Things, nth: number) => Ask;
  /** How it is answered to those who may ask. */
  own: number;
  /** And where it is about another site. */
  foreign?: number;
};

const ofFeeder = (role: Case['role'], path: string, own: number, body?: unknown): Case => ({
  role,
  ask: ({ feederId }) => ({ path: `/feeders/${feederId}${path}`, body }),
  own,
  foreign: 404,
});
const list = (role: Case['role'], path: string): Case => ({ role, ask: () => ({ path }), own: 200 });

const CASES: Record<string, Case> = {
  listFeeders: list('viewer', '/feeders?limit=2'),
  enrolFeeder: { role: 'admin', ask: ({ site }, nth) => ({ path: '/feeders', body: { feederId: `new-${nth}`, name: 'new', site } }), own: 201, foreign: 403 },
  getFeeder: ofFeeder('viewer', '', 200),
  listOverviews: list('viewer', '/overview?limit=2'),
  getOverview: ofFeeder('viewer', '/overview', 200),
  // A command of it has no outcome yet; who may not ask is not told so.
  removeFeeder: ofFeeder('admin', '', 409),
  rotateToken: ofFeeder('admin', '/token', 201),
  makeClaimCode: ofFeeder('admin', '/claim-code', 201),
  claimFeeder: { role: 'anyone', ask: () => ({ path: '/claims', body: { code: '7KQ2-M0XN-3T9A-ZD5R' } }), own: 401 },
  getConfig: ofFeeder('viewer', '/config', 200),
  changeConfig: ofFeeder('operator', '/config', 409, { mealGrams: 7 }),
  sendCommand: ofFeeder('operator', '/commands', 409, { kind: 'pause' }),
  listCommands: ofFeeder('viewer', '/commands', 200),
  getCommand: { role: 'viewer', ask: ({ commandId }) => ({ path: `/commands/${commandId}` }), own: 200, foreign: 404 },
  getReadings: ofFeeder('viewer', '/readings', 200),
  listMeals: ofFeeder('viewer', '/meals', 200),
  listPresence: ofFeeder('viewer', '/presence', 200),
  listAlarms: ofFeeder('viewer', '/alarms', 200),
  acknowledgeAlarm: {
    role: 'operator',
    ask: ({ feederId, alarmId }) => ({ path: `/feeders/${feederId}/alarms/${alarmId}/acknowledge` }),
    own: 200,
    foreign: 404,
  },
  getAlarmThresholds: ofFeeder('viewer', '/alarm-thresholds', 200),
  changeAlarmThresholds: ofFeeder('operator', '/alarm-thresholds', 200, { mealsMissed: 3 }),
  // A stream has no end to be waited for; its head is answered alike.
  followEvents: { role: 'viewer', ask: ({ feederId }) => ({ method: 'HEAD', path: `/events?feeders=${feederId}` }), own: 200, foreign: 404 },
  listWebhooks: list('admin', '/webhooks?limit=2'),
  makeWebhook: { role: 'admin', ask: ({ site }) => ({ path: '/webhooks', body: { url: 'https://farm.example/x', sites: [site] } }), own: 201, foreign: 403 },
  listDeliveries: { role: 'admin', ask: ({ webhookId }) => ({ path: `/webhooks/${webhookId}/deliveries` }), own: 200, foreign: 404 },
  removeWebhook: { role: 'admin', ask: ({ webhookId }) => ({ path: `/webhooks/${webhookId}` }), own: 204, foreign: 404 },
  listEmailContacts: list('admin', '/email-contacts?limit=2'),
  makeEmailContact: {
    role: 'admin',
    ask: ({ site }) => ({ path: '/email-contacts', body: { addresses: ['kari@farm.example'], sites: [site] } }),
    own: 201,
    foreign: 403,
  },
  removeEmailContact: { role: 'admin', ask: ({ emailContactId }) => ({ path: `/email-contacts/${emailContactId}` }), own: 204, foreign: 404 },
  listAudit: list('admin', '/audit?limit=2'),
  listKeys: list('admin', '/keys?limit=2'),
  makeKey: {
    role: 'admin',
    ask: ({ site }, nth) => ({ path: '/keys', body: { name: `new ${nth}`, role: 'viewer', sites: [site] } }),
    own: 201,
    foreign: 403,
  },
  revokeKey: { role: 'admin', ask: ({ apiKeyId }) => ({ path: `/keys/${apiKeyId}` }), own: 204, foreign: 404 },
  getMe: { role: 'viewer', ask: () => ({ path: '/me' }), own: 200 },
  makeSignInCode: { role: 'viewer', ask: () => ({ path: '/sign-in-codes', body: {} }), own: 201 },
  signIn: { role: 'anyone', ask: () => ({ path: '/sign-ins', body: { code: 'wrong' } }), own: 401 },
  endSignIn: { role: 'viewer', ask: () => ({ path: '/sign-ins/own' }), own: 204 },
  getSignInWays: { role: 'anyone', ask: () => ({ path: '/sign-in-ways' }), own: 200 },
  // No issuer is set up here.
  startOidcAuthorization: {
    role: 'anyone',
    ask: () => ({ path: '/oidc-authorizations', body: { redirectUri: 'https://farm.example/', state: 'x', codeChallenge: 'x'.repeat(43) } }),
    own: 404,
  },
  listSiteLogins: list('admin', '/site-logins?limit=2'),
  makeSiteLogin: { role: 'admin', ask: ({ site }) => ({ path: '/site-logins', body: { site, name: 'explorer' } }), own: 201, foreign: 403 },
  removeSiteLogin: { role: 'admin', ask: ({ siteLoginId }) => ({ path: `/site-logins/${siteLoginId}` }), own: 204, foreign: 404 },
};

const text = (value: unknown, name: string): string => z.record(z.string(), z.unknown()).transform((found) => found[name]).pipe(z.string()).parse(value);
const Items = z.object({ items: z.array(z.looseObject({})), nextCursor: z.string().optional() });
const first = (answer: Answer): unknown => Items.parse(answer.body).items[0];

/** Has one of everything made for a site. */
async function makeThings(site: string): Promise<Things> {
  const make = async (path: string, name: string, body: object): Promise<string> => text((await bridge.rest('POST', path, { body })).body, name);
  const feederId = `${site}-pond`;
  const removedId = `${site}-removed`;
  const agent = await connectAgent(bridge, feederId, await bridge.enrol(feederId, site));
  await agent.publish('records', { spoolId: site, records: [{ seq: 0, at: toInstant(Date.now()), kind: 'alarm', name: 'motorJam', active: true }] });
  const answer = await bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams: 120 }, headers: { Prefer: 'respond-async' } });
  await bridge.enrol(removedId, site);
  await bridge.rest('PATCH', `/feeders/${removedId}/config`, { body: { mealGrams: 120 } });
  const refused = await eventually(async () => first(await bridge.rest('GET', `/feeders/${removedId}/commands`)));
  await bridge.rest('DELETE', `/feeders/${removedId}`);
  return {
    site,
    feederId,
    removedId,
    commandId: commandIn(answer, 202).commandId,
    removedCommandId: text(refused, 'commandId'),
    alarmId: text(await eventually(async () => first(await bridge.rest('GET', `/feeders/${feederId}/alarms`))), 'alarmId'),
    webhookId: await make('/webhooks', 'webhookId', { url: `https://${site}.example/alarms`, sites: [site] }),
    emailContactId: await make('/email-contacts', 'emailContactId', { addresses: [`kari@${site}.example`], sites: [site] }),
    apiKeyId: (await makeKey(bridge, 'viewer', { sites: [site] })).apiKeyId,
    siteLoginId: await make('/site-logins', 'siteLoginId', { site, name: `explorer of ${site}` }),
  };
}

const ofWhich = (operationId: string) => check.operations.find((each) => each.operationId === operationId) ?? expect.fail(operationId);
const mayAsk = (key: TestKey, role: Case['role']): boolean => role === 'anyone' || role === 'viewer' || key.role === 'admin' || role === key.role;

let nth = 0;
const send = (operationId: string, of: Things, more: { headers?: Record<string, string> } = {}): Promise<Answer> => {
  const { method } = ofWhich(operationId);
  const { ask } = CASES[operationId] ?? expect.fail(operationId);
  const { path, body, method: instead } = ask(of, ++nth);
  return bridge.rest(instead ?? method.toUpperCase(), path, { ...(body !== undefined && { body }), ...more });
};

/** All of an answer that may depend on what there is, with other names for what was asked about. */
function told({ status, headers, body }: Answer, of: Things): unknown {
  const named = (found: string): string => Object.entries(of).sort(([, one], [, other]) => other.length - one.length).reduce((sofar, [what, id]) => sofar.replaceAll(id, `<${what}>`), found);
  const rest = [...headers].filter(([name]) => !['date', 'x-request-id', 'content-length'].includes(name) && !name.startsWith('ratelimit'));
  return { status, headers: rest, body: body === undefined ? '' : named(JSON.stringify(body)) };
}

let own: Things;
let foreign: Things;
let keys: readonly TestKey[];

test('there is a case for every operation, and for no other', () => {
  expect(Object.keys(CASES).sort()).toEqual(check.operations.map(({ operationId }) => operationId).sort());
});

test('one of everything is made for two sites', async () => {
  [own, foreign] = await Promise.all([makeThings('site-a'), makeThings('site-b')]);
  keys = await Promise.all((['viewer', 'operator', 'admin'] as const).map((role) => makeKey(bridge, role, { sites: ['site-a'] })));
  // What is for more than one site is for none of their admins alone.
  await bridge.rest('POST', '/webhooks', { body: { url: 'https://both.example/', sites: ['site-a', 'site-b'] } });
  await bridge.rest('POST', '/webhooks', { body: { url: 'https://all.example/' } });
  await makeKey(bridge, 'admin', { sites: ['site-a', 'site-b'], name: 'key of both' });
});

test('without a key nothing is told', async () => {
  const [{ key } = expect.fail()] = keys;
  for (const [operationId, { role }] of Object.entries(CASES)) {
    if (role === 'anyone') continue;
    const { method } = ofWhich(operationId);
    const answer = await fetch(`${bridge.url}/api/v1${CASES[operationId]?.ask(own, 0).path ?? ''}`, { method: method.toUpperCase() });
    expect(answer.status, operationId).toBe(401);
    // One for each operation: few enough that none is one too many.
    const Authorization = method === 'get' ? `Bearer ${key}x` : `Basic ${key}`;
    expect((await send(operationId, own, { headers: { Authorization } })).status, operationId).toBe(401);
  }
});

test('what is of another site is answered exactly as what is not there', async () => {
  for (const [operationId, { role, foreign: expected }] of Object.entries(CASES)) {
    if (expected === undefined) continue;
    for (const key of keys) {
      const answer = told(await send(operationId, foreign, withKey(key)), foreign);
      expect(answer, operationId).toEqual(told(await send(operationId, NOTHING, withKey(key)), NOTHING));
      // Which feeder is looked at first: a key that may not ask is not told that there is one.
      const findsFirst = ofWhich(operationId).path.includes('{feederId}');
      expect(answer, operationId).toMatchObject({ status: mayAsk(key, role) || findsFirst ? expected : 403 });
    }
  }
});

test('commands of removed feeders stay with their site', async () => {
  for (const key of keys) {
    const ask = (commandId: string) => bridge.rest('GET', `/commands/${commandId}`, withKey(key));
    expect((await ask(own.removedCommandId)).status).toBe(200);
    expect(told(await ask(foreign.removedCommandId), foreign)).toEqual(told(await ask(NOTHING.commandId), NOTHING));
  }
});

test('the id of a removed feeder of another site is taken, as that of one that is enrolled', async () => {
  const [, , admin = expect.fail()] = keys;
  const enrol = (feederId: string) => bridge.rest('POST', '/feeders', { body: { feederId, name: 'mine', site: 'site-a' }, ...withKey(admin) });
  const taken = told(await enrol(foreign.feederId), foreign) as { body: string };
  const removed = told(await enrol(foreign.removedId), foreign) as { body: string };
  expect(taken).toMatchObject({ status: 409 });
  expect({ ...removed, body: removed.body.replace('<removedId>', '<feederId>') }).toEqual(taken);
  expect((await enrol(own.removedId)).status).toBe(201);
});

test('lists hold nothing of another site, however they are read', async () => {
  const [, , admin = expect.fail()] = keys;
  const secrets = [...Object.values(foreign), 'both.example', 'all.example', 'key of both'];
  for (const [operationId, { ask }] of Object.entries(CASES)) {
    if (!operationId.startsWith('list') || ask(own, 0).path.includes(own.feederId) || operationId === 'listDeliveries') continue;
    const { path } = ask(own, 0);
    let cursor = '';
    let pages = 0;
    do {
      const { status, body } = await bridge.rest('GET', `${path}${cursor}`, withKey(admin));
      expect(status).toBe(200);
      const shown = `${JSON.stringify(body)} ${Buffer.from(Items.parse(body).nextCursor ?? '', 'base64url').toString()}`;
      expect(secrets.filter((secret) => shown.includes(secret)), operationId).toEqual([]);
      if (pages === 0) expect(Items.parse(body).items.length, operationId).toBeGreaterThan(0);
      const { nextCursor } = Items.parse(body);
      cursor = nextCursor === undefined ? '' : `&cursor=${nextCursor}`;
      pages += 1;
    } while (cursor !== '' && pages < 100);
  }
});

test('what is its own takes the role, and no more', async () => {
  for (const [operationId, { role, own: expected }] of Object.entries(CASES)) {
    for (const key of keys) {
      const { status } = await send(operationId, own, withKey(key));
      expect(status, `${operationId} for ${key.role}`).toBe(mayAsk(key, role) ? expected : 403);
    }
  }
});

test('nothing of the other site was touched', async () => {
  const find = async (path: string) => JSON.stringify((await bridge.rest('GET', path)).body);
  for (const [path, id] of [
    ['/webhooks', foreign.webhookId],
    ['/email-contacts', foreign.emailContactId],
    ['/keys', foreign.apiKeyId],
    ['/site-logins', foreign.siteLoginId],
    ['/feeders', foreign.feederId],
    [`/feeders/${foreign.feederId}/commands`, foreign.commandId],
  ] as const) {
    expect(await find(path)).toContain(id);
  }
  expect(await find(`/feeders/${foreign.feederId}/alarm-thresholds`)).not.toContain('"mealsMissed":3');
  expect(await find(`/feeders/${foreign.feederId}/alarms`)).toContain('"acknowledgedBy":null');
});
