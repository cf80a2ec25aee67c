import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { liveFeeder } from './support/live-feeder.ts';
import { connack, connectPacket, packet, PING, PONG, publishPacket, suback, subscribePacket } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';
import { makeSiteLogin, type TestSiteLogin } from './support/site-login.ts';

const UNAVAILABLE = 3;
const WRONG_PASSWORD = 4;
const SLOW_ANSWER_MS = 1_000;

let bridge: TestBridge;
let login: TestSiteLogin;
const tokens = new Map<string, string>();
beforeAll(async () => {
  bridge = await openTestBridge();
  for (const feederId of ['restless', 'pinging', 'asking', 'large', 'senseless', 'webby']) tokens.set(feederId, await bridge.enrol(feederId, 'home'));
  login = await makeSiteLogin(bridge, 'home');
});
afterAll(() => bridge.dispose());

const asFeeder = (feederId: string, password = tokens.get(feederId) ?? ''): Buffer => connectPacket({ clientId: feederId, username: feederId, password });

async function connect(url: string, connecting: Buffer): Promise<RawClient> {
  const client = await RawClient.open(url);
  client.send(connecting);
  await client.expect(connack(0));
  return client;
}

const AuditPage = z.object({
  items: z.array(
    z
      .object({ author: z.object({ kind: z.string(), address: z.string().nullable() }), action: z.string(), site: z.string().nullable(), code: z.string().nullable(), feederId: z.string().nullable() })
      .transform(({ author, ...item }) => ({ ...item, kind: author.kind, address: author.address })),
  ),
});
/** Waits for an entry of the audit. */
const audited = (expected: Partial<z.infer<typeof AuditPage>['items'][number]>): Promise<unknown> =>
  eventually(async () => {
    const { items } = AuditPage.parse((await bridge.rest('GET', '/audit?limit=500')).body);
    return items.find((item) => Object.entries(expected).every(([name, value]) => Reflect.get(item, name) === value));
  });

test('who connects again and again is told to wait, its live session stays, and others come in', async () => {
  let live = await connect(bridge.mqttUrl, asFeeder('restless'));
  let letIn = 1;
  for (;;) {
    const client = await RawClient.open(bridge.mqttUrl);
    client.send(asFeeder('restless'));
    await Promise.race([client.closed, once(client.stream, 'data')]);
    if (client.received.equals(connack(UNAVAILABLE))) break;
    expect(client.received).toEqual(connack(0));
    live = client;
    letIn += 1;
  }
  expect(letIn).toBeGreaterThanOrEqual(200);
  live.send(PING);
  await live.expect(PONG);
  await audited({ action: 'mqttConnect', code: 'rate-limited', kind: 'nobody', address: '127.0.0.1' });
  await connect(bridge.mqttUrl, asFeeder('asking'));
});

test('who guesses is answered slowly and then not at all, and whoever has the right token comes in at once', async () => {
  const guess = async (): Promise<{ code: number | undefined; tookMs: number }> => {
    const client = await RawClient.open(bridge.mqttUrl);
    const beganAtMs = performance.now();
    client.send(asFeeder('pinging', 'guessed'));
    await client.closed;
    return { code: client.received.at(3), tookMs: performance.now() - beganAtMs };
  };
  const guesses = Promise.all(Array.from({ length: 150 }, guess));
  await guess();
  const right = await connect(bridge.wsUrl, asFeeder('pinging'));
  const told = await guesses;
  expect(told.filter(({ code }) => code === undefined).length).toBeGreaterThan(0);
  expect(told.filter(({ code, tookMs }) => code === WRONG_PASSWORD && tookMs >= SLOW_ANSWER_MS - 10)).toHaveLength(100);
  right.send(PING);
  await right.expect(PONG);
  await audited({ action: 'mqttConnect', code: 'unauthenticated', address: '127.0.0.1' });
});

/** Other feeders' changes are answered while somebody floods. */
async function expectChangesGoThrough(agent: ScriptedAgent, until: Promise<unknown>): Promise<void> {
  const flood = { isOver: false };
  void until.then(() => (flood.isOver = true));
  for (let mealGrams = 1; !flood.isOver || mealGrams < 5; mealGrams += 1) {
    const answer = bridge.rest('PATCH', `/feeders/${agent.feederId}/config`, { body: { mealGrams: mealGrams % 1000 } });
    await agent.applied(await agent.command());
    expect((await answer).status).toBe(200);
  }
}

describe('a flood is cut off, and the changes of others go through', () => {
  const id = Buffer.from([0, 1]);
  const filters = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => Buffer.from([0, 1, 0x61])));
  test.each([
    { what: 'PINGREQ', feederId: 'pinging', url: 'mqttUrl', flood: PING, times: 40_000 },
    { what: 'UNSUBSCRIBE with thousands of filters', feederId: 'asking', url: 'mqttUrl', flood: packet(0xa2, id, filters(5_000)), times: 200 },
    { what: 'records', feederId: 'large', url: 'mqttUrl', flood: publishPacket('feeder/large/records', Buffer.alloc(200_000, 0x20), { qos: 0 }), times: 400 },
    { what: 'what is no state', feederId: 'senseless', url: 'mqttUrl', flood: publishPacket('feeder/senseless/state', 'x', { qos: 1 }), times: 300 },
    { what: 'PINGREQ in WebSocket frames', feederId: 'webby', url: 'wsUrl', flood: PING, times: 40_000 },
  ] as const)('$what', async ({ what, feederId, url, flood, times }) => {
    const neighbour = await liveFeeder(bridge, `beside-${feederId}`);
    const client = await connect(bridge[url], asFeeder(feederId));
    if (what.endsWith('frames')) for (let time = 0; time < times; time += 1) client.send(flood);
    else client.send(...Array.from({ length: times }, () => flood));
    await expectChangesGoThrough(neighbour, client.closed);
    await audited({ action: 'mqttSend', code: 'rate-limited', feederId });
  });

  test('and so is a site login, whatever connection it comes over', async () => {
    const neighbour = await liveFeeder(bridge, 'beside-login');
    const [quiet, loud] = [await connect(bridge.mqttUrl, connectPacket({ clientId: 'a', ...login })), await connect(bridge.wsUrl, connectPacket({ clientId: 'b', ...login }))];
    quiet.send(...Array.from({ length: 1_500 }, () => PING));
    await quiet.expect(Buffer.concat(Array.from({ length: 1_500 }, () => PONG)));
    loud.send(...Array.from({ length: 1_500 }, () => PING));
    await expectChangesGoThrough(neighbour, loud.closed);
    quiet.send(subscribePacket('feeder/#'));
    await quiet.expect(suback(1, 1));
    await audited({ action: 'mqttSend', code: 'rate-limited', kind: 'site-login', site: 'home' });
  });
});
