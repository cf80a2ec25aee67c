import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Heartbeat, type SessionNotice } from '../topics/payloads.ts';
import { buildTopic, encode, TOPICS, type TopicName } from '../topics/topics.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { connack, connectPacket, PING, PONG, puback, publishPacket, suback, subscribePacket } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';
import { watchRouting } from './support/routed.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const ACCEPTED = 0;
const WRONG_ID = 2;
const WRONG_PASSWORD = 4;
const REFUSED = 128;

let bridge: TestBridge;
let tokens: { honest: string; intruder: string };
beforeAll(async () => {
  bridge = await openTestBridge();
  tokens = { honest: await bridge.enrol('honest'), intruder: await bridge.enrol('intruder') };
});
afterAll(() => bridge.dispose());

/** The feeder next door, which must go on as if nothing were while `intruder` tries what it may not. */
async function startNeighbour(): Promise<{ expectUnharmed(): Promise<void> }> {
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'honest', token: tokens.honest });
  await eventually(async () => ((await bridge.rest('GET', '/feeders/honest/config')).status === 200 ? true : undefined));
  return {
    expectUnharmed: async () => {
      const answer = bridge.rest('PATCH', '/feeders/honest/config', { body: { mealGrams: 110 } });
      await agent.applied(await agent.command());
      expect((await answer).status).toBe(200);
      expect((await bridge.rest('GET', '/feeders/honest')).body).toMatchObject({ presence: 'online', plc: 'ok' });
      expect(agent.commandsWaiting()).toEqual([]);
    },
  };
}

const lost = (sessionId: string): string => {
  const notice: SessionNotice = { sessionId, state: 'ended', reason: 'connection-lost' };
  return encode('session', notice);
};
const heartbeat = (sessionId: string): string =>
  encode('heartbeat', Heartbeat.parse({ sessionId, seq: 0, sentAt: '2026-01-31T08:00:00.000Z', uptimeSeconds: 1, plc: 'unreachable', configVersion: 0 }));

type Attempt = Parameters<typeof connectPacket>[0];
const intruder = (more: Partial<Attempt> = {}): Attempt => ({
  clientId: 'intruder',
  username: 'intruder',
  password: tokens.intruder,
  ...more,
});

const presenceIs = (state: 'online' | 'offline') =>
  eventually(async () => {
    const { body } = await bridge.rest('GET', '/feeders/intruder');
    return typeof body === 'object' && body && 'presence' in body && body.presence === state ? true : undefined;
  });

for (const transport of ['wsUrl', 'mqttUrl'] as const) {
  describe(`over ${transport === 'wsUrl' ? 'WebSocket' : 'TCP'}`, () => {
    async function connected(more: Partial<Attempt> = {}): Promise<RawClient> {
      const client = await RawClient.open(bridge[transport]);
      client.send(connectPacket(intruder(more)));
      await client.expect(connack(ACCEPTED));
      return client;
    }

    /** The return code of the CONNACK, if one came, once the connection is over. */
    async function refusalOf(attempt: Attempt): Promise<number | undefined> {
      const client = await RawClient.open(bridge[transport]);
      // What comes behind a refused CONNECT must not count either.
      client.send(connectPacket(attempt), publishPacket('feeder/honest/heartbeat', heartbeat('s')));
      await client.closed;
      return client.received.at(3);
    }

    test('nobody connects but an enrolled feeder with its own token and its id as client id and user name', async () => {
      const neighbour = await startNeighbour();
      expect(await refusalOf(intruder({ password: 'wrong' }))).toBe(WRONG_PASSWORD);
      expect(await refusalOf(intruder({ password: '' }))).toBe(WRONG_PASSWORD);
      expect(await refusalOf(intruder({ password: tokens.honest }))).toBe(WRONG_PASSWORD);
      expect(await refusalOf({ ...intruder(), clientId: 'stranger', username: 'stranger' })).toBe(WRONG_PASSWORD);
      expect(await refusalOf({ ...intruder(), clientId: 'honest', username: 'honest' })).toBe(WRONG_PASSWORD);
      expect(await refusalOf(intruder({ clientId: 'honest' }))).toBe(WRONG_ID);
      expect(await refusalOf(intruder({ username: 'honest' }))).toBe(WRONG_ID);
      expect(await refusalOf(intruder({ clientId: '' }))).toBe(WRONG_ID);
      expect(await refusalOf(intruder({ clientId: 'INTRUDER', username: 'INTRUDER' }))).toBe(WRONG_ID);
      expect(await refusalOf(intruder({ clientId: '__proto__', username: '__proto__' }))).toBe(WRONG_ID);
      const withoutPassword = await RawClient.open(bridge[transport]);
      const anonymous = Buffer.from('101400044d5154540402001e0008696e747275646572', 'hex');
      withoutPassword.send(anonymous);
      await withoutPassword.expect(connack(WRONG_ID));
      await withoutPassword.closed;
      await connected();
      await neighbour.expectUnharmed();
    });

    test('nobody connects without a keepalive, by another protocol level, or with a will that is not its own goodbye', async () => {
      const neighbour = await startNeighbour();
      expect(await refusalOf(intruder({ keepaliveSeconds: 0 }))).toBeUndefined();
      const modern = await RawClient.open(bridge[transport]);
      modern.send(connectPacket(intruder({ level: 5 })));
      await modern.expect(connack(1));
      await modern.closed;
      const wills: NonNullable<Attempt['will']>[] = [
        { topic: 'feeder/honest/session', payload: lost('s-1') },
        { topic: 'feeder/intruder/ack', payload: lost('s-1') },
        { topic: 'feeder/intruder/presence', payload: lost('s-1') },
        { topic: 'feeder/intruder/command', payload: lost('s-1') },
        { topic: '$SYS/will', payload: lost('s-1') },
        { topic: 'feeder/intruder/session', payload: 'gone' },
        { topic: 'feeder/intruder/session', payload: lost('s-1').replace('ended', 'started') },
        { topic: 'feeder/intruder/session', payload: lost('s-1'), qos: 3 },
      ];
      for (const will of wills) expect(await refusalOf(intruder({ will })), JSON.stringify(will)).toBeUndefined();
      await connected({ will: { topic: 'feeder/intruder/session', payload: lost('s-1') } });
      await neighbour.expectUnharmed();
    });

    test('a feeder publishes on its own topics that come from the agent; anything else cuts it off and goes nowhere', async () => {
      const neighbour = await startNeighbour();
      const routed = watchRouting();
      const bridges = (Object.keys(TOPICS) as TopicName[]).filter((name) => TOPICS[name].from === 'bridge');
      const foreign = [
        ...bridges.map((name) => buildTopic('intruder', name)),
        ...(Object.keys(TOPICS) as TopicName[]).map((name) => buildTopic('honest', name)),
        '$SYS/intruder/heartbeat',
        '$share/x/feeder/intruder/heartbeat',
        'feeder/intruder',
        'feeder/intruder/',
        'feeder/intruder/heartbeat/',
        'feeder/intruder/heartbeat/x',
        '/feeder/intruder/heartbeat',
        'feeder/+/heartbeat',
        'feeder/intruder/#',
        'feeder//heartbeat',
        'feeder/intruder/constructor',
        'elsewhere',
        Array.from({ length: 200 }, () => 'x').join('/'),
      ];
      for (const topic of foreign) {
        const client = await connected();
        client.send(publishPacket(topic, heartbeat('s-1'), { retain: true }));
        await client.closed;
        expect(client.received.includes(puback(1)), topic).toBe(false);
      }
      expect(routed.filter(({ topic }) => foreign.includes(topic) && !topic.endsWith('/presence'))).toEqual([]);
      const client = await connected();
      client.send(publishPacket('feeder/intruder/heartbeat', heartbeat('s-1')), PING);
      await client.expect(puback(1));
      await client.expect(PONG);
      await neighbour.expectUnharmed();
    });

    test('a feeder subscribes to its own topics that come from the bridge, one by one; anything else is granted 128', async () => {
      const neighbour = await startNeighbour();
      const client = await connected();
      const refused = [
        '#',
        '+',
        '+/+/command',
        'feeder/#',
        'feeder/+/command',
        'feeder/intruder/#',
        'feeder/intruder/+',
        'feeder/honest/command',
        'feeder/honest/presence',
        'feeder/intruder/ack',
        'feeder/intruder/heartbeat',
        'feeder/intruder/command/#',
        '$SYS/#',
        '$share/x/feeder/intruder/command',
        '$share/x/feeder/honest/command',
        '/feeder/intruder/command',
      ];
      for (const [index, filter] of refused.entries()) {
        client.send(subscribePacket(filter, { id: index + 1 }));
        await client.expect(suback(index + 1, REFUSED));
      }
      for (const [index, name] of (['command', 'heartbeat/reply', 'presence', 'records/stored'] as const).entries()) {
        client.send(subscribePacket(buildTopic('intruder', name), { id: 100 + index }));
        await client.expect(suback(100 + index, 1));
      }
      await neighbour.expectUnharmed();
      client.send(PING);
      await client.expect(PONG);
      expect(client.received.includes('honest')).toBe(false);
    });

    test('a message is retained or not as its topic says, whatever its sender asks; a will too', async () => {
      const routed = watchRouting();
      const sessionId = `s-${transport}`;
      const client = await connected({ will: { topic: 'feeder/intruder/session', payload: lost(sessionId), retain: true } });
      const ack = encode('ack', { commandId: 'c-1', outcome: 'applied', at: '2026-01-31T08:00:00.000Z', readBack: {} });
      client.send(publishPacket('feeder/intruder/ack', ack, { retain: true, id: 7 }));
      await client.expect(puback(7));
      const state = encode('state', { at: '2026-01-31T08:00:00.000Z', values: {}, quality: {} });
      client.send(publishPacket('feeder/intruder/state', state, { qos: 0 }), PING);
      await client.expect(PONG);
      client.stream.destroy();
      const find = (name: TopicName, payload: string) =>
        eventually(() => routed.find((each) => each.topic === buildTopic('intruder', name) && each.payload === payload));
      expect(await find('ack', ack)).toMatchObject({ retain: false });
      expect(await find('state', state)).toMatchObject({ retain: true });
      expect(await find('session', lost(sessionId))).toMatchObject({ retain: false });
    });

    test('a persistent session is none: nothing is held for a feeder that is away', async () => {
      const persistent = connectPacket(intruder({ clean: false, will: { topic: 'feeder/intruder/session', payload: lost('s-away') } }));
      const first = await RawClient.open(bridge[transport]);
      first.send(persistent, subscribePacket('feeder/intruder/command'));
      await first.expect(connack(ACCEPTED));
      await first.expect(suback(1, 1));
      await presenceIs('online');
      const asked = await bridge.rest('PATCH', '/feeders/intruder/config', { body: { mealGrams: 1 }, headers: { Prefer: 'respond-async' } });
      expect(asked.status).toBe(202);
      await first.expect(Buffer.from('mealGrams'));
      // Not acknowledged, so a broker that kept sessions would send it again.
      first.stream.destroy();
      await presenceIs('offline');
      const second = await RawClient.open(bridge[transport]);
      second.send(persistent);
      await second.expect(connack(ACCEPTED));
      second.send(publishPacket('feeder/intruder/heartbeat', heartbeat('s-away'), { id: 9 }), PING);
      await second.expect(PONG);
      expect(second.received.includes('mealGrams')).toBe(false);
    });
  });
}
