import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Ack } from '../topics/commands.ts';
import { toInstant } from '../topics/identifiers.ts';
import { eventually, openTestBridge, type Answer, type TestBridge } from './support/bridge.ts';
import { EventStream } from './support/event-stream.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { sharedCheck, type OpenApiCheck } from './support/openapi-check.ts';
import { commandIn, problemIn } from './support/rest-shapes.ts';
import type { ScriptedAgent } from './support/scripted-agent.ts';
import { makeKey } from './support/api-key.ts';
import { makeSiteLogin } from './support/site-login.ts';
import { startOidcIssuer } from './support/oidc-issuer.ts';
import { hasPostgres, hasRedis, startPostgres, startRedis, type ServerProcess } from './support/server-process.ts';

if (!hasPostgres || !hasRedis) console.warn('stores that are away are not tested: no postgres or redis-server binary is there');

const ISSUER = 'http://127.0.0.1:1';
const ISSUER_SET_UP = { OIDC_ISSUER: ISSUER, OIDC_AUDIENCE: 'feederbridge', OIDC_CLIENT_ID: 'page' };
const email = { SMTP_URL: 'smtp://127.0.0.1:1', SMTP_FROM: 'bridge@farm.example' };

let postgres: ServerProcess | undefined;
let redis: ServerProcess | undefined;
let bridge: TestBridge;
let check: OpenApiCheck;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([hasPostgres ? startPostgres() : undefined, hasRedis ? startRedis() : undefined]);
  bridge = await openTestBridge({ ...email, ...ISSUER_SET_UP, ...(postgres && { DATABASE_URL: postgres.url }), ...(redis && { REDIS_URL: redis.url }) });
  check = await sharedCheck(() => fetch(`${bridge.url}/openapi.json`));
  for (const feederId of ['quiet', 'gone']) await bridge.enrol(feederId);
});
afterAll(async () => {
  await bridge.dispose();
  await Promise.all([postgres?.dispose(), redis?.dispose()]);
});

type Ask = { method: string; path: string; body?: unknown; headers?: Record<string, string> };
type Scenario = () => Promise<Answer>;
/** How to have each answer of each operation: by its status where it went well, else by its code. */
type Scenarios = Record<string, Record<string, Scenario>>;

const ask = ({ method, path, ...options }: Ask, more: Partial<Ask> = {}): Scenario =>
  () => bridge.rest(method, more.path ?? path, { ...options, ...more });
const Alarms = z.object({ items: z.array(z.object({ alarmId: z.uuid() })) });
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
let made = 0;
const newId = (): string => `feeder-${++made}`;

/** Of each operation a request that is right, but names nothing that is there. */
const RIGHT: Record<string, Ask> = {
  listFeeders: { method: 'GET', path: '/feeders' },
  enrolFeeder: { method: 'POST', path: '/feeders', body: { feederId: 'quiet', name: 'quiet', site: 'farm' } },
  getFeeder: { method: 'GET', path: '/feeders/nobody' },
  listOverviews: { method: 'GET', path: '/overview' },
  getOverview: { method: 'GET', path: '/feeders/nobody/overview' },
  removeFeeder: { method: 'DELETE', path: '/feeders/nobody' },
  rotateToken: { method: 'POST', path: '/feeders/nobody/token' },
  makeClaimCode: { method: 'POST', path: '/feeders/nobody/claim-code' },
  claimFeeder: { method: 'POST', path: '/claims', body: { code: '7KQ2-M0XN-3T9A-ZD5R' } },
  getConfig: { method: 'GET', path: '/feeders/nobody/config' },
  changeConfig: { method: 'PATCH', path: '/feeders/nobody/config', body: { mealGrams: 120 } },
  sendCommand: { method: 'POST', path: '/feeders/nobody/commands', body: { kind: 'pause' } },
  listCommands: { method: 'GET', path: '/feeders/nobody/commands' },
  getCommand: { method: 'GET', path: `/commands/${UNKNOWN}` },
  getReadings: { method: 'GET', path: '/feeders/nobody/readings' },
  listMeals: { method: 'GET', path: '/feeders/nobody/meals' },
  listPresence: { method: 'GET', path: '/feeders/nobody/presence' },
  listAlarms: { method: 'GET', path: '/feeders/nobody/alarms' },
  acknowledgeAlarm: { method: 'POST', path: `/feeders/nobody/alarms/${UNKNOWN}/acknowledge` },
  getAlarmThresholds: { method: 'GET', path: '/feeders/nobody/alarm-thresholds' },
  changeAlarmThresholds: { method: 'PATCH', path: '/feeders/nobody/alarm-thresholds', body: { mealsMissed: 3 } },
  followEvents: { method: 'GET', path: '/events?feeders=nobody' },
  listWebhooks: { method: 'GET', path: '/webhooks' },
  makeWebhook: { method: 'POST', path: '/webhooks', body: { url: 'https://farm.example/alarms' } },
  removeWebhook: { method: 'DELETE', path: `/webhooks/${UNKNOWN}` },
  listDeliveries: { method: 'GET', path: `/webhooks/${UNKNOWN}/deliveries` },
  listEmailContacts: { method: 'GET', path: '/email-contacts' },
  makeEmailContact: { method: 'POST', path: '/email-contacts', body: { addresses: ['kari@farm.example'] } },
  removeEmailContact: { method: 'DELETE', path: `/email-contacts/${UNKNOWN}` },
  listAudit: { method: 'GET', path: '/audit' },
  listKeys: { method: 'GET', path: '/keys' },
  makeKey: { method: 'POST', path: '/keys', body: { name: 'taken', role: 'viewer' } },
  revokeKey: { method: 'DELETE', path: `/keys/${UNKNOWN}` },
  getMe: { method: 'GET', path: '/me' },
  makeSignInCode: { method: 'POST', path: '/sign-in-codes', body: {} },
  signIn: { method: 'POST', path: '/sign-ins', body: { code: 'never made' } },
  endSignIn: { method: 'DELETE', path: '/sign-ins/own' },
  getSignInWays: { method: 'GET', path: '/sign-in-ways' },
  startOidcAuthorization: { method: 'POST', path: '/oidc-authorizations', body: { redirectUri: 'https://farm.example/', state: 'x', codeChallenge: 'x'.repeat(43) } },
  listSiteLogins: { method: 'GET', path: '/site-logins' },
  makeSiteLogin: { method: 'POST', path: '/site-logins', body: { site: 'farm', name: 'explorer' } },
  removeSiteLogin: { method: 'DELETE', path: `/site-logins/${UNKNOWN}` },
};
const right = (operationId: string): Ask => RIGHT[operationId] ?? expect.fail(`no request of ${operationId}`);

/** The same for the feeder `quiet`, which is enrolled and offline. */
const ofQuiet = (operationId: string, more: Partial<Ask> = {}): Scenario =>
  ask(right(operationId), { path: right(operationId).path.replace('nobody', 'quiet'), ...more });

const badKey = (operationId: string) => ({ unauthenticated: ask(right(operationId), { headers: { Authorization: 'Bearer wrong' } }) });
const badPath = (operationId: string) => ({
  malformed: ask(right(operationId), { path: right(operationId).path.replace(/nobody|0{8}-.*/, '%zz') }),
  'not-found': ask(right(operationId)),
});
const badPage = (operationId: string) => ({ malformed: ofQuiet(operationId, { path: `${right(operationId).path.replace('nobody', 'quiet')}?limit=0` }) });
const badBody = (operationId: string) => ({
  malformed: ofQuiet(operationId, { body: '{' }),
  'too-large': ofQuiet(operationId, { body: { name: 'x'.repeat(70_000) } }),
  'unsupported-media-type': ofQuiet(operationId, { headers: { 'Content-Type': 'text/plain' } }),
});

/** A claim that is right. */
const claimOfQuiet = (more: { feederIds?: string[] } = {}): Scenario => async () => {
  const { body } = await ofQuiet('makeClaimCode')();
  const { code } = z.looseObject({ code: z.string() }).parse(body);
  return bridge.rest('POST', '/claims', { body: { code, ...more } });
};

/** A sign-in that is right. */
const signInByCode: Scenario = async () => ask(right('signIn'), { body: { code: await madeSignInCode() } })();
const signInByIssuer = ask(right('signIn'), { body: { oidc: { code: 'x', codeVerifier: 'x'.repeat(43), redirectUri: 'https://farm.example/' } } });

/** Asks a bridge that is set up in another way. */
const setUpWith = (settings: Record<string, string>, scenario: Scenario): Scenario => async () => {
  await bridge.restart(settings);
  const answer = await scenario();
  await bridge.restart();
  return answer;
};

async function madeSignInCode(): Promise<string> {
  return z.looseObject({ code: z.string() }).parse((await ask(right('makeSignInCode'), { body: { uses: 3 } })()).body).code;
}

const made201 = async (): Promise<string> => {
  const { siteLoginId } = await makeSiteLogin(bridge, 'farm');
  return `/site-logins/${siteLoginId}`;
};

const USUAL: Scenarios = {
  listFeeders: { ...badKey('listFeeders'), ...badPage('listFeeders'), 200: ask(right('listFeeders')) },
  enrolFeeder: {
    ...badKey('enrolFeeder'),
    ...badBody('enrolFeeder'),
    201: () => bridge.rest('POST', '/feeders', { body: { feederId: newId(), name: 'new', site: 'farm' } }),
    'feeder-exists': ask(right('enrolFeeder')),
  },
  getFeeder: { ...badKey('getFeeder'), ...badPath('getFeeder'), 200: ofQuiet('getFeeder') },
  listOverviews: { ...badKey('listOverviews'), ...badPage('listOverviews'), 200: ask(right('listOverviews')) },
  getOverview: { ...badKey('getOverview'), ...badPath('getOverview'), 200: ofQuiet('getOverview') },
  removeFeeder: {
    ...badKey('removeFeeder'),
    ...badPath('removeFeeder'),
    204: () => bridge.rest('DELETE', '/feeders/gone?force=false'),
    'command-pending': unfinished('changeConfig', { Prefer: 'respond-async' }, (feederId) => bridge.rest('DELETE', `/feeders/${feederId}`)),
  },
  rotateToken: { ...badKey('rotateToken'), ...badPath('rotateToken'), 201: ofQuiet('rotateToken') },
  makeClaimCode: { ...badKey('makeClaimCode'), ...badPath('makeClaimCode'), 201: ofQuiet('makeClaimCode') },
  claimFeeder: {
    ...badBody('claimFeeder'),
    unauthenticated: ask(right('claimFeeder')),
    'feeder-not-awaited': claimOfQuiet({ feederIds: ['elsewhere'] }),
    201: claimOfQuiet(),
  },
  getConfig: {
    ...badKey('getConfig'),
    ...badPath('getConfig'),
    200: async () => bridge.rest('GET', `/feeders/${(await liveFeeder(bridge, newId())).feederId}/config`),
  },
  changeConfig: {
    ...changeScenarios('changeConfig'),
    'invalid-config': online('changeConfig', { body: {} }),
    'unsupported-parameter': online('changeConfig', { body: { lightHours: 1 } }),
    'out-of-range': online('changeConfig', { body: { mealGrams: 9999 } }),
  },
  sendCommand: {
    ...changeScenarios('sendCommand'),
    'unsupported-command': online('sendCommand', { body: { kind: 'dance' } }),
    'invalid-config': online('sendCommand', feedNow({ grams: 'all' })),
    'out-of-range': online('sendCommand', feedNow({ grams: 0 })),
    'command-pending': async () => {
      const { agent, answer } = await started('sendCommand', feedNow({ grams: 50 }));
      const command = await agent.otherCommand();
      const refused = await bridge.rest('POST', `/feeders/${agent.feederId}/commands`, feedNow({ grams: 20 }));
      await agent.ack(command, { outcome: 'applied', readBack: {} });
      commandIn(await answer);
      return refused;
    },
  },
  listCommands: { ...badKey('listCommands'), ...badPath('listCommands'), ...badPage('listCommands'), 200: ofQuiet('listCommands') },
  getCommand: {
    ...badKey('getCommand'),
    ...badPath('getCommand'),
    200: async () => {
      const { commandId } = commandIn(await answeredBy('changeConfig', 'applied')());
      return bridge.rest('GET', `/commands/${commandId}`);
    },
  },
  getReadings: {
    ...badKey('getReadings'),
    ...badPath('getReadings'),
    malformed: ofQuiet('getReadings', { path: '/feeders/quiet/readings?bucket=2m' }),
    200: ofQuiet('getReadings'),
  },
  listMeals: { ...badKey('listMeals'), ...badPath('listMeals'), ...badPage('listMeals'), 200: ofQuiet('listMeals') },
  listPresence: { ...badKey('listPresence'), ...badPath('listPresence'), ...badPage('listPresence'), 200: ofQuiet('listPresence') },
  listAlarms: { ...badKey('listAlarms'), ...badPath('listAlarms'), ...badPage('listAlarms'), 200: ofQuiet('listAlarms') },
  acknowledgeAlarm: {
    ...badKey('acknowledgeAlarm'),
    ...badPath('acknowledgeAlarm'),
    200: async () => {
      const agent = await liveFeeder(bridge, newId());
      const jam = { seq: 0, at: toInstant(Date.now()), kind: 'alarm', name: 'motorJam', active: true };
      await agent.publish('records', { spoolId: 'jammed', records: [jam] });
      const { alarmId } = await eventually(async () => Alarms.parse((await bridge.rest('GET', `/feeders/${agent.feederId}/alarms`)).body).items[0]);
      return bridge.rest('POST', `/feeders/${agent.feederId}/alarms/${alarmId}/acknowledge`);
    },
  },
  getAlarmThresholds: { ...badKey('getAlarmThresholds'), ...badPath('getAlarmThresholds'), 200: ofQuiet('getAlarmThresholds') },
  changeAlarmThresholds: {
    ...badKey('changeAlarmThresholds'),
    ...badPath('changeAlarmThresholds'),
    ...badBody('changeAlarmThresholds'),
    200: ofQuiet('changeAlarmThresholds'),
    'invalid-config': ofQuiet('changeAlarmThresholds', { body: { mealsMissed: 'two' } }),
    'unsupported-parameter': ofQuiet('changeAlarmThresholds', { body: { lightHours: 1 } }),
    'out-of-range': ofQuiet('changeAlarmThresholds', { body: { mealsMissed: 0 } }),
  },
  followEvents: {
    ...badKey('followEvents'),
    malformed: ask(right('followEvents'), { path: '/events?types=weather' }),
    'not-found': ask(right('followEvents')),
    200: async () => {
      const { answer } = await EventStream.open(bridge);
      return { status: answer.statusCode ?? 0, headers: new Headers(), body: undefined };
    },
  },
  listWebhooks: { ...badKey('listWebhooks'), ...badPage('listWebhooks'), 200: ask(right('listWebhooks')) },
  makeWebhook: { ...badKey('makeWebhook'), ...badBody('makeWebhook'), 201: ask(right('makeWebhook')) },
  removeWebhook: { ...badKey('removeWebhook'), ...badPath('removeWebhook'), 204: async () => bridge.rest('DELETE', await madeWebhook()) },
  listDeliveries: {
    ...badKey('listDeliveries'),
    ...badPath('listDeliveries'),
    200: async () => bridge.rest('GET', `${await madeWebhook()}/deliveries`),
  },
  listEmailContacts: { ...badKey('listEmailContacts'), ...badPage('listEmailContacts'), 200: ask(right('listEmailContacts')) },
  makeEmailContact: {
    ...badKey('makeEmailContact'),
    ...badBody('makeEmailContact'),
    'email-not-set-up': setUpWith({ SMTP_URL: '' }, ask(right('makeEmailContact'))),
    201: ask(right('makeEmailContact')),
  },
  removeEmailContact: {
    ...badKey('removeEmailContact'),
    ...badPath('removeEmailContact'),
    204: async () => {
      const { body } = await ask(right('makeEmailContact'))();
      const { emailContactId } = z.looseObject({ emailContactId: z.uuid() }).parse(body);
      return bridge.rest('DELETE', `/email-contacts/${emailContactId}`);
    },
  },
  listAudit: { ...badKey('listAudit'), ...badPage('listAudit'), 200: ask(right('listAudit')) },
  listKeys: { ...badKey('listKeys'), ...badPage('listKeys'), 200: ask(right('listKeys')) },
  makeKey: {
    ...badKey('makeKey'),
    ...badBody('makeKey'),
    201: ask(right('makeKey')),
    'key-exists': ask(right('makeKey')),
  },
  revokeKey: {
    ...badKey('revokeKey'),
    ...badPath('revokeKey'),
    204: async () => bridge.rest('DELETE', `/keys/${(await makeKey(bridge, 'viewer')).apiKeyId}`),
  },
  getMe: { ...badKey('getMe'), 200: ask(right('getMe')) },
  makeSignInCode: { ...badKey('makeSignInCode'), ...badBody('makeSignInCode'), 201: ask(right('makeSignInCode')) },
  signIn: {
    ...badBody('signIn'),
    unauthenticated: ask(right('signIn')),
    'not-found': setUpWith({ OIDC_CLIENT_ID: '' }, signInByIssuer),
    'issuer-unavailable': signInByIssuer,
    201: signInByCode,
  },
  endSignIn: { ...badKey('endSignIn'), 204: ask(right('endSignIn')) },
  getSignInWays: { 200: ask(right('getSignInWays')) },
  startOidcAuthorization: {
    ...badBody('startOidcAuthorization'),
    'not-found': setUpWith({ OIDC_CLIENT_ID: '' }, ask(right('startOidcAuthorization'))),
    'issuer-unavailable': ask(right('startOidcAuthorization')),
    200: async () => {
      const issuer = await startOidcIssuer();
      const answer = await setUpWith({ OIDC_ISSUER: issuer.url }, ask(right('startOidcAuthorization')))();
      await issuer.dispose();
      return answer;
    },
  },
  listSiteLogins: { ...badKey('listSiteLogins'), ...badPage('listSiteLogins'), 200: ask(right('listSiteLogins')) },
  makeSiteLogin: { ...badKey('makeSiteLogin'), ...badBody('makeSiteLogin'), 201: ask(right('makeSiteLogin')) },
  removeSiteLogin: { ...badKey('removeSiteLogin'), ...badPath('removeSiteLogin'), 204: async () => bridge.rest('DELETE', await made201()) },
};

async function madeWebhook(): Promise<string> {
  const { body } = await ask(right('makeWebhook'))();
  return `/webhooks/${z.looseObject({ webhookId: z.uuid() }).parse(body).webhookId}`;
}

/** A dose under a key of its own. */
function feedNow(more: { grams: unknown }) {
  return { body: { kind: 'feed-now', ...more }, headers: { 'Idempotency-Key': newId() } };
}

/** A change of a feeder that is online, and its agent. */
async function started(operationId: string, more: Partial<Ask> = {}): Promise<{ agent: ScriptedAgent; answer: Promise<Answer> }> {
  const agent = await liveFeeder(bridge, newId());
  const path = right(operationId).path.replace('nobody', agent.feederId);
  return { agent, answer: ask(right(operationId), { ...more, path })() };
}

/** A change that is turned away although the feeder is online. */
function online(operationId: string, more: Partial<Ask>): Scenario {
  return async () => (await started(operationId, more)).answer;
}

function answeredBy(operationId: string, outcome: Ack['outcome']): Scenario {
  return async () => {
    const { agent, answer } = await started(operationId);
    await acknowledge(agent, outcome);
    return answer;
  };
}

async function acknowledge(agent: ScriptedAgent, outcome: Ack['outcome']): Promise<void> {
  const command = await agent.command();
  await agent.ack(command, { outcome, ...(outcome === 'applied' && { readBack: command.changes }) });
}

/**
 * A change whose outcome is not waited for, and what is asked then. It has its outcome in the end, for which the bridge
 * would wait when it stops.
 */
function unfinished(operationId: string, headers: Record<string, string>, then?: (feederId: string) => Promise<Answer>): Scenario {
  return async () => {
    const { agent, answer } = await started(operationId, { headers });
    const told = await answer;
    const last = (await then?.(agent.feederId)) ?? told;
    await acknowledge(agent, 'expired');
    return last;
  };
}

function changeScenarios(operationId: string): Record<string, Scenario> {
  const { method, path } = right(operationId);
  const keyed = { 'Idempotency-Key': 'used', Prefer: 'respond-async' };
  return {
    ...badKey(operationId),
    ...badPath(operationId),
    ...badBody(operationId),
    200: answeredBy(operationId, 'applied'),
    202: unfinished(operationId, { Prefer: 'respond-async' }),
    'feeder-offline': ofQuiet(operationId),
    'plc-unreachable': async () => {
      const agent = await liveFeeder(bridge, newId());
      await agent.beat({ plc: 'unreachable' });
      return ask(right(operationId), { path: path.replace('nobody', agent.feederId) })();
    },
    'idempotency-mismatch': unfinished(operationId, keyed, (feederId) =>
      bridge.rest(method, path.replace('nobody', feederId), { body: { kind: 'resume' }, headers: keyed }),
    ),
    'version-mismatch': online(operationId, { headers: { 'If-Match': '"99"' } }),
    'command-superseded': answeredBy(operationId, 'superseded'),
    'command-rejected': answeredBy(operationId, 'rejected'),
    'command-indeterminate': answeredBy(operationId, 'indeterminate'),
    'command-expired': answeredBy(operationId, 'expired'),
    'command-unresolved': unfinished(operationId, { Prefer: 'wait=0' }),
  };
}

/** A key makes the database the first that is asked. */
const withKey = { headers: { 'Idempotency-Key': 'first-asked' } };
const ASKS_DATABASE: Record<string, Scenario> = {
  enrolFeeder: ask(right('enrolFeeder')),
  removeFeeder: ofQuiet('removeFeeder'),
  rotateToken: ofQuiet('rotateToken'),
  makeClaimCode: ofQuiet('makeClaimCode'),
  claimFeeder: () => bridge.rest('POST', '/claims', { body: { code: claimCode } }),
  changeConfig: ofQuiet('changeConfig', withKey),
  sendCommand: ofQuiet('sendCommand', withKey),
  listCommands: ofQuiet('listCommands'),
  getCommand: ask(right('getCommand')),
  getReadings: ofQuiet('getReadings'),
  listMeals: ofQuiet('listMeals'),
  listPresence: ofQuiet('listPresence'),
  listAlarms: ofQuiet('listAlarms'),
  listOverviews: ask(right('listOverviews')),
  getOverview: ofQuiet('getOverview'),
  acknowledgeAlarm: ofQuiet('acknowledgeAlarm'),
  changeAlarmThresholds: ofQuiet('changeAlarmThresholds'),
  followEvents: ask(right('followEvents'), { path: '/events', headers: { 'Last-Event-ID': '1' } }),
  listWebhooks: ask(right('listWebhooks')),
  makeWebhook: ask(right('makeWebhook')),
  removeWebhook: ask(right('removeWebhook')),
  listDeliveries: ask(right('listDeliveries')),
  listEmailContacts: ask(right('listEmailContacts')),
  makeEmailContact: ask(right('makeEmailContact')),
  removeEmailContact: ask(right('removeEmailContact')),
  listAudit: ask(right('listAudit')),
  makeKey: ask(right('makeKey')),
  revokeKey: () => bridge.rest('DELETE', apiKey),
  makeSignInCode: ask(right('makeSignInCode')),
  signIn: () => bridge.rest('POST', '/sign-ins', { body: { code: signInCode } }),
  makeSiteLogin: ask(right('makeSiteLogin')),
  removeSiteLogin: () => bridge.rest('DELETE', siteLogin),
};
let siteLogin = '';
let apiKey = '';
let claimCode = '';
let signInCode = '';
/** What is there, for when the database is not. */
async function prepare(): Promise<void> {
  siteLogin = await made201();
  signInCode = await madeSignInCode();
  apiKey = `/keys/${(await makeKey(bridge, 'viewer')).apiKeyId}`;
  claimCode = z.object({ code: z.string() }).parse((await ofQuiet('makeClaimCode')()).body).code;
}
const CHANGES = ['changeConfig', 'sendCommand'];
/** What every key may ask for. */
const OF_VIEWERS = [
  'listFeeders', 'getFeeder', 'getConfig', 'listCommands', 'getCommand', 'getReadings', 'listMeals', 'listPresence', 'listAlarms', 'getAlarmThresholds', 'followEvents',
  'listOverviews', 'getOverview', 'getMe', 'makeSignInCode', 'endSignIn',
];
/** What takes no key; the first two are failed logins where they are refused. */
const OF_ANYONE = ['claimFeeder', 'signIn', 'getSignInWays', 'startOidcAuthorization'];
const OF_KEYS = Object.keys(RIGHT).filter((operationId) => !OF_ANYONE.includes(operationId));

/** What is told while something else is wrong: by code, the operations that tell it. */
const WHILE: Record<string, readonly string[]> = {
  forbidden: OF_KEYS.filter((operationId) => !OF_VIEWERS.includes(operationId)),
  'rate-limited': [...OF_KEYS, 'claimFeeder', 'signIn'],
  'internal-error': Object.keys(ASKS_DATABASE),
  'bridge-stopping': [...CHANGES, 'followEvents'],
  'store-unavailable': Object.keys(ASKS_DATABASE),
  'lease-store-unavailable': CHANGES,
  'issuer-unavailable': OF_KEYS,
};

test('there is a scenario for every answer that is documented, and for no other', () => {
  const documented = check.operations.flatMap(({ operationId, responses }) =>
    Object.entries(responses).flatMap(([status, { content }]) => {
      const codes = Object.keys(content?.['application/problem+json']?.examples ?? {});
      return (codes.length > 0 ? codes : [status]).map((outcome) => `${operationId}: ${outcome}`);
    }),
  );
  const usual = Object.entries(USUAL).flatMap(([operationId, outcomes]) => Object.keys(outcomes).map((outcome) => `${operationId}: ${outcome}`));
  const rare = Object.entries(WHILE).flatMap(([code, operations]) => operations.map((operationId) => `${operationId}: ${code}`));
  expect([...usual, ...rare].sort()).toEqual(documented.sort());
});

/** Holds an answer, which was checked against the document already, to be the one that the scenario is for. */
function expectOutcome(operationId: string, outcome: string, answer: Answer): void {
  const responses = check.operations.find((operation) => operation.operationId === operationId)?.responses ?? {};
  if (/^\d+$/.test(outcome)) {
    expect({ operationId, status: answer.status, body: answer.body }).toMatchObject({ status: Number(outcome) });
    return;
  }
  const status = Object.keys(responses).find((each) => outcome in (responses[each]?.content?.['application/problem+json']?.examples ?? {}));
  problemIn(answer, Number(status), outcome);
}

test.each(Object.keys(USUAL))('%s', async (operationId) => {
  for (const [outcome, scenario] of Object.entries(USUAL[operationId] ?? {})) expectOutcome(operationId, outcome, await scenario());
});

test('while the issuer is away, a token of it is 503', async () => {
  const [header = '', claims = ''] = [{ alg: 'ES256' }, { iss: ISSUER }].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  for (const operationId of WHILE['issuer-unavailable'] ?? []) {
    const answer = await ask(right(operationId), { headers: { Authorization: `Bearer ${header}.${claims}.AAAA` } })();
    expectOutcome(operationId, 'issuer-unavailable', answer);
  }
});

test('what takes a mightier key is 403', async () => {
  const { key } = await makeKey(bridge, 'viewer');
  for (const operationId of WHILE['forbidden'] ?? []) {
    expectOutcome(operationId, 'forbidden', await ofQuiet(operationId, { headers: { Authorization: `Bearer ${key}` } })());
  }
});

async function expectAll(code: string): Promise<void> {
  for (const operationId of WHILE[code] ?? []) {
    const scenario = ASKS_DATABASE[operationId] ?? expect.fail(operationId);
    expectOutcome(operationId, code, await scenario());
  }
}

describe.skipIf(!hasPostgres)('while tables are missing', () => {
  test('what the database refuses is 500', async () => {
    await prepare();
    const client = new pg.Client(postgres?.url);
    await client.connect();
    const tables = ['feeder', 'command', 'idempotency_key', 'reading_rollup', 'meal', 'presence_change', 'alarm', 'event', 'webhook', 'email_contact', 'notice', 'site_login', 'api_key', 'audit_entry'];
    for (const table of tables) await client.query(`ALTER TABLE ${table} RENAME TO ${table}_away`);
    try {
      await expectAll('internal-error');
    } finally {
      for (const table of tables) await client.query(`ALTER TABLE ${table}_away RENAME TO ${table}`);
      await client.end();
    }
  });
});

test('while too many logins fail, those that fail are 429', async () => {
  const guess = async (operationId: string): Promise<Answer> => {
    for (;;) {
      const answer = await ask(right(operationId), { headers: { Authorization: 'Bearer wrong' } })();
      if (answer.status !== 401) return answer;
    }
  };
  for (const operationId of WHILE['rate-limited'] ?? []) expectOutcome(operationId, 'rate-limited', await guess(operationId));
});

test('while the bridge stops, changes are 503', async () => {
  const agent = await liveFeeder(bridge, newId());
  const underWay = bridge.rest('PATCH', `/feeders/${agent.feederId}/config`, { body: { mealGrams: 120 } });
  const command = await agent.command();
  const stopped = bridge.stop(10_000);
  await expectAll('bridge-stopping');
  await agent.applied(command);
  expect((await underWay).status).toBe(200);
  await stopped;
  await bridge.restart();
});

describe.skipIf(!hasPostgres || !hasRedis)('while a store is away', () => {
  test('all that asks the database is 503', async () => {
    await prepare();
    await postgres?.kill();
    await expectAll('store-unavailable');
  });

  test('and without the lease store so are changes', async () => {
    await redis?.kill();
    for (const operationId of CHANGES) expectOutcome(operationId, 'lease-store-unavailable', await ofQuiet(operationId)());
  });
});
