import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../src/store/database.ts';
import { toInstant } from '../topics/identifiers.ts';
import { encode } from '../topics/topics.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { connack, connectPacket, field, packet, PING, PONG, puback, publishPacket, remainingLength, subscribePacket } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';
import { watchRouting } from './support/routed.ts';
import { PROFILE, ScriptedAgent } from './support/scripted-agent.ts';

const MOST_PACKET_BYTES = 256 * 1024;
const CONNECT_TIMEOUT_MS = 5_000;
const DRAIN_TIMEOUT_MS = 2_000;

let bridge: TestBridge;
let tokens: { honest: string; odd: string };
beforeAll(async () => {
  // Longer than the frozen feeder takes to be cut off.
  bridge = await openTestBridge({ LEASE_SECONDS: '60' });
  tokens = { honest: await bridge.enrol('honest'), odd: await bridge.enrol('odd') };
});
afterAll(() => bridge.dispose());

const connectOdd = (more: Partial<Parameters<typeof connectPacket>[0]> = {}): Buffer =>
  connectPacket({ clientId: 'odd', username: 'odd', password: tokens.odd, ...more });

/** What every bad byte must leave as it was: another feeder's change goes through. */
async function expectBridgeWorks(): Promise<void> {
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'honest', token: tokens.honest });
  await eventually(async () => {
    const { status } = await bridge.rest('PATCH', '/feeders/honest/config', { body: { mealGrams: 1 }, headers: { Prefer: 'respond-async' } });
    return status === 202 ? true : undefined;
  });
  await agent.applied(await agent.command());
}

for (const transport of ['wsUrl', 'mqttUrl'] as const) {
  describe(`over ${transport === 'wsUrl' ? 'WebSocket' : 'TCP'}`, () => {
    const open = (): Promise<RawClient> => RawClient.open(bridge[transport]);
    async function connected(): Promise<RawClient> {
      const client = await open();
      client.send(connectOdd());
      await client.expect(connack(0));
      return client;
    }

    test('a packet over the cap cuts the connection before it was collected, before CONNECT and after, in however many frames', async () => {
      const tooLong = Buffer.from(remainingLength(MOST_PACKET_BYTES + 1));
      for (const [client, firstByte] of [[await open(), 0x10], [await connected(), 0x32]] as const) {
        client.send(Buffer.from([firstByte]));
        for (const byte of tooLong) client.send(Buffer.from([byte]));
        const sentAtMs = performance.now();
        await client.closed;
        expect(performance.now() - sentAtMs).toBeLessThan(CONNECT_TIMEOUT_MS / 2);
      }
      const client = await connected();
      const topic = field('feeder/odd/state');
      const largest = packet(0x30, topic, Buffer.alloc(MOST_PACKET_BYTES - topic.length, 0x20));
      for (let at = 0; at < largest.length; at += 10_000) client.send(largest.subarray(at, at + 10_000));
      client.send(PING);
      await client.expect(PONG);
      client.send(packet(0x30, topic, Buffer.alloc(2 * MOST_PACKET_BYTES, 0x20)));
      await client.closed;
      await expectBridgeWorks();
    });

    test('what MQTT forbids cuts the connection', async () => {
      const topic = 'feeder/odd/heartbeat';
      const badlyEncoded = Buffer.concat([Buffer.from('feeder/odd/'), Buffer.from([0xc3, 0x28])]);
      const forbidden: [string, Buffer][] = [
        ['NUL in a topic', publishPacket('feeder/odd/heart\u0000beat', '{}')],
        ['a control character in a topic', publishPacket('feeder/odd/heartbeat\u001b', '{}')],
        ['malformed UTF-8 in a topic', publishPacket(badlyEncoded, '{}')],
        ['an empty topic', publishPacket('', '{}')],
        ['QoS 3', publishPacket(topic, '{}', { qos: 3 })],
        ['a subscription of QoS 3', subscribePacket('feeder/odd/command', { qos: 3 })],
        ['a malformed filter', subscribePacket('feeder/#/command')],
        ['a second CONNECT', connectOdd()],
        ['a packet type that does not exist', packet(0xf0)],
        ['a packet of the server', connack(0)],
        ['a length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
        ['a topic longer than its packet', packet(0x30, Buffer.from([0xff, 0xff]), Buffer.from('feeder'))],
      ];
      for (const [what, bytes] of forbidden) {
        const client = await connected();
        client.send(bytes);
        await Promise.race([client.closed, new Promise((_, reject) => setTimeout(() => reject(new Error(`still connected after ${what}`)), 2_000))]);
        expect(client.received.includes(puback(1)), what).toBe(false);
      }
      await expectBridgeWorks();
    });

    test('an id that no feeder has is refused, be it empty, badly encoded or full of control characters', async () => {
      const ids: (string | Buffer)[] = ['', 'odd\u0000', '\u0007odd', 'odd\u0085', Buffer.from([0x6f, 0xc3, 0x28]), 'odd ', 'ödd', 'o'.repeat(64), 'x'.repeat(60_000)];
      for (const id of ids) {
        const client = await open();
        client.send(connectOdd({ clientId: id, username: id }));
        await client.closed;
        expect([undefined, 2], JSON.stringify(id)).toContain(client.received.at(3));
      }
      await expectBridgeWorks();
    });
  });
}

test('a CONNECT that never ends, or never begins, is cut off after five seconds', async () => {
  const beganAtMs = performance.now();
  await Promise.all(
    [bridge.wsUrl, bridge.mqttUrl].flatMap((url) =>
      [connectOdd().subarray(0, 1), Buffer.alloc(0)].map(async (start) => {
        const client = await RawClient.open(url);
        client.send(Buffer.from([0x10, ...remainingLength(1000)]).subarray(0, start.length * 3));
        const dripping = setInterval(() => client.send(start), 100);
        await client.closed;
        clearInterval(dripping);
        const tookMs = performance.now() - beganAtMs;
        expect(tookMs).toBeGreaterThan(CONNECT_TIMEOUT_MS - 100);
        expect(tookMs).toBeLessThan(CONNECT_TIMEOUT_MS + 1_500);
      }),
    ),
  );
});

test('well-formed messages that no database takes do not stand in the way of the next ones', async () => {
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'odd', token: tokens.odd });
  const report = (more: object): string =>
    JSON.stringify({ agentVersion: 'next', registerMap: { name: 'm', sha256: '' }, parameters: [], kinds: [], ...more });
  await agent.client.publishAsync('feeder/odd/profile', report({ agentVersion: 'NUL \u0000' }), { qos: 1 });
  await agent.client.publishAsync('feeder/odd/profile', report({}), { qos: 1 });
  await eventually(async () => (JSON.stringify((await bridge.rest('GET', '/feeders/odd')).body).includes('"next"') ? true : undefined));
  await agent.beat();
});

test('a feeder that stopped reading is cut off after its drain timeout, and stalls nobody until then', async () => {
  const frozenToken = await bridge.enrol('frozen');
  const honest = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'honest', token: tokens.honest });
  const frozen = await RawClient.open(bridge.mqttUrl);
  frozen.send(connectPacket({ clientId: 'frozen', username: 'frozen', password: frozenToken }));
  await frozen.expect(connack(0));
  frozen.send(subscribePacket('feeder/frozen/heartbeat/reply', { id: 1 }), subscribePacket('feeder/frozen/command', { id: 2 }));
  await frozen.expect(Buffer.from([0x90, 3, 0, 2, 1]));
  frozen.stream.pause();
  const parameters = Array.from({ length: 500 }, (_, index) => ({
    name: `parameterWithALongNameThatFillsTheSocketsOnTheWayNumber${index}`,
    type: 'integer' as const,
    unit: 'g',
    min: 0,
    max: 9,
  }));
  const beat = { sessionId: 's-1', seq: 0, sentAt: toInstant(Date.now()), uptimeSeconds: 1, plc: 'ok', configVersion: 0 } as const;
  frozen.send(
    publishPacket('feeder/frozen/profile', encode('profile', { ...PROFILE, parameters }), { qos: 0 }),
    publishPacket('feeder/frozen/heartbeat', encode('heartbeat', beat), { qos: 0 }),
  );
  const isOnline = async (): Promise<boolean> => JSON.stringify((await bridge.rest('GET', '/feeders/frozen')).body).includes('"online"');
  await eventually(async () => ((await isOnline()) ? true : undefined));
  // Its commands are checked against its profile.
  await eventually(async () => (JSON.stringify((await bridge.rest('GET', '/feeders/frozen')).body).includes('ThatFillsTheSockets') ? true : undefined));
  const beganAtMs = performance.now();
  // About 30 kB each, until the sockets on the way take no more: some 10 MB on loopback. Its lease lives far longer than that.
  const body = Object.fromEntries(parameters.map(({ name }) => [name, 1]));
  const headers = { Prefer: 'respond-async' };
  while (await isOnline()) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => bridge.rest('PATCH', '/feeders/frozen/config', { body, headers })));
    // Those that came before it was cut off were sent; the others found it offline.
    for (const { status } of answers) expect([202, 409]).toContain(status);
    const beatAtMs = performance.now();
    await honest.beat();
    expect(performance.now() - beatAtMs).toBeLessThan(DRAIN_TIMEOUT_MS);
    expect(performance.now() - beganAtMs).toBeLessThan(15_000);
  }
});

test('a payload that makes no sense is answered, kept in quarantine and not routed, and the connection stays', async () => {
  const token = await bridge.enrol('senseless');
  const routed = watchRouting();
  const client = await RawClient.open(bridge.mqttUrl);
  client.send(connectPacket({ clientId: 'senseless', username: 'senseless', password: token }));
  await client.expect(connack(0));
  const nonsense = ['', 'not json', '{', 'null', '[]', '{}', '\u0000\u0000', '"\u0000"', '{"seq":"\u0000"}', '🐟', '"\\ud800"', '{"__proto__":1}', '['.repeat(50_000)];
  const payloads = [...nonsense.map((text) => Buffer.from(text)), Buffer.from([0xc3, 0x28]), Buffer.from([0xff, 0xfe, 0x00])];
  for (const [index, payload] of payloads.entries()) {
    client.send(publishPacket('feeder/senseless/ack', payload, { id: index + 1, retain: true }));
    await client.expect(puback(index + 1));
  }
  client.send(publishPacket('feeder/senseless/profile', '{"agentVersion":7}', { id: 200, retain: true }), PING);
  await client.expect(puback(200));
  await client.expect(PONG);
  expect(routed.filter(({ topic, retain }) => topic.startsWith('feeder/senseless/') || retain)).toEqual([]);
  // No other test comes after this one.
  await bridge.stop();
  const db = await openDatabase({
    databaseUrl: bridge.database.databaseUrl,
    dataDir: bridge.database.dataDir,
    onLost: (reason) => {
      throw reason;
    },
  });
  try {
    const { rows: kept } = await db.query<{ feeder_id: string; topic: string; payload: Buffer; problem: string }>(
      'SELECT feeder_id, topic, payload, problem FROM quarantined_message WHERE feeder_id = $1 ORDER BY quarantine_id',
      ['senseless'],
    );
    // Enough of each to see what it was.
    const beginnings = [...payloads, Buffer.from('{"agentVersion":7}')].map((payload) => payload.subarray(0, 4096));
    expect(kept.map(({ payload }) => payload)).toEqual(beginnings);
    expect(new Set(kept.map(({ topic }) => topic))).toEqual(new Set(['feeder/senseless/ack', 'feeder/senseless/profile']));
    for (const { problem } of kept) expect(problem).toMatch(/expected/i);
  } finally {
    await db.close();
  }
});
