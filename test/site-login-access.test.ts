import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildTopic, encode, type Payload } from '../topics/topics.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { readFeeder } from './support/live-feeder.ts';
import { connack, connectPacket, publishPacket, subscribePacket } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';
import { PROFILE, ScriptedAgent, VALUES } from './support/scripted-agent.ts';
import { Explorer, makeSiteLogin, type TestSiteLogin } from './support/site-login.ts';

const WRONG_ID = 2;
const REFUSED = 128;
const RETAINED = ['presence', 'profile', 'config', 'state'] as const;
const MOSQUITTO_SUB = ['/usr/bin/mosquitto_sub', '/usr/local/bin/mosquitto_sub', '/opt/homebrew/bin/mosquitto_sub'].find(existsSync);

let bridge: TestBridge;
let login: TestSiteLogin;
const tokens = new Map<string, string>();
beforeAll(async () => {
  bridge = await openTestBridge();
  for (const [feederId, site] of [['pond-1', 'home'], ['pond-2', 'home'], ['other-1', 'away']] as const) {
    tokens.set(feederId, await bridge.enrol(feederId, site));
  }
  login = await makeSiteLogin(bridge, 'home');
});
afterAll(() => bridge.dispose());

/** An agent whose feeder has told all that is retained. */
async function startAgent(feederId: string): Promise<ScriptedAgent> {
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId, token: tokens.get(feederId) ?? '' });
  await agent.publish('state', { at: '2026-01-31T08:00:00.000Z', values: { hopperGrams: 7 }, quality: {} });
  await eventually(async () => ((await readFeeder(bridge, feederId)).state ? true : undefined));
  return agent;
}

let home: ScriptedAgent;
let away: ScriptedAgent;
beforeEach(async () => {
  [home, away] = await Promise.all([startAgent('pond-1'), startAgent('other-1')]);
});

for (const transport of ['wsUrl', 'mqttUrl'] as const) {
  describe(`over ${transport === 'wsUrl' ? 'WebSocket' : 'TCP'}`, () => {
    test.each([
      ['#'],
      ['+/+/+'],
      ['feeder/+/config'],
      ['feeder/pond-1/config', 'feeder/other-1/config', '$SYS/#', '$nowhere', '+/other-1/#'],
    ])('%s shows what happens at its own site, retained or not, and nothing else', async (...filters) => {
      const explorer = await Explorer.connect(bridge[transport], login);
      expect(await explorer.subscribe(...filters)).not.toContain(REFUSED);
      await explorer.sees('feeder/pond-1/config', ({ retain }) => retain);
      await away.report({ ...VALUES, mealGrams: 98 }, 'local');
      await away.beat();
      await home.report({ ...VALUES, mealGrams: 99 }, 'local');
      await explorer.sees('feeder/pond-1/config', ({ payload, retain }) => payload.includes('99') && !retain);
      expect(explorer.seen.filter(({ topic }) => !/^feeder\/pond-[12]\//.test(topic))).toEqual([]);
      expect(new Set(explorer.seen.map(({ qos }) => qos))).toEqual(new Set([0]));
    });

    test('all that is retained is shown at once, and everything else as it goes by', async () => {
      const explorer = await Explorer.connect(bridge[transport], login);
      await explorer.subscribe('#');
      for (const name of RETAINED) await explorer.sees(buildTopic('pond-1', name), ({ retain }) => retain);
      const asked = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
      await home.applied(await home.command());
      expect((await asked).status).toBe(200);
      await home.beat();
      for (const name of ['command', 'ack', 'heartbeat', 'heartbeat/reply'] as const) {
        expect(await explorer.sees(buildTopic('pond-1', name))).toMatchObject({ retain: false });
      }
    });

    test('nothing that it publishes is taken, whatever the topic and QoS: it is cut off, and the feeder notices nothing', async () => {
      for (const topic of ['feeder/pond-1/config', 'feeder/pond-1/command', 'feeder/other-1/heartbeat', '$SYS/x', 'elsewhere']) {
        for (const qos of [0, 1, 2]) {
          const client = await RawClient.open(bridge[transport]);
          client.send(connectPacket({ clientId: 'x', ...login }));
          await client.expect(connack(0));
          client.send(publishPacket(topic, '{}', { qos, retain: true }));
          await client.closed;
        }
      }
      const explorer = await Explorer.connect(bridge[transport], login);
      await explorer.subscribe('#');
      await explorer.sees('feeder/pond-1/config', ({ payload }) => payload.includes('"mealGrams"'));
      await home.beat();
      expect(home.commandsWaiting()).toEqual([]);
    });

    test('a will is refused, and so are shared subscriptions and filters with control characters', async () => {
      const client = await RawClient.open(bridge[transport]);
      client.send(connectPacket({ clientId: 'x', ...login, will: { topic: 'feeder/pond-1/session', payload: '{}' } }));
      await client.closed;
      expect(client.received.length).toBe(0);
      const explorer = await Explorer.connect(bridge[transport], login);
      const granted = await explorer.subscribe('$share/x/#', 'feeder/\u0007/config', 'feeder/#');
      expect(granted.map((code) => code === REFUSED)).toEqual([true, true, false]);
      await explorer.sees('feeder/pond-1/config');
    });

    test('clients of two logins may have the same id, one takes over its own, and none has that of an enrolled feeder', async () => {
      const clientId = 'mqtt-explorer-1a2b3c4d';
      const first = await Explorer.connect(bridge[transport], login, { clientId });
      const otherLogin = await makeSiteLogin(bridge, 'away');
      const other = await Explorer.connect(bridge[transport], otherLogin, { clientId });
      const anonymous = [
        await Explorer.connect(bridge[transport], login, { clientId: '' }),
        await Explorer.connect(bridge[transport], login, { clientId: '' }),
      ];
      const second = await Explorer.connect(bridge[transport], login, { clientId });
      await first.closed;
      // Nobody takes over another's session by writing its whole name, as the broker keeps it.
      await Explorer.connect(bridge[transport], login, { clientId: `${otherLogin.username}:${clientId}` });
      for (const explorer of [second, other, ...anonymous]) {
        await explorer.subscribe('#');
        expect(explorer.client.connected).toBe(true);
      }
      for (const taken of ['pond-1', 'pond-2', 'other-1']) {
        await expect(Explorer.connect(bridge[transport], login, { clientId: taken })).rejects.toMatchObject({ code: WRONG_ID });
      }
      await home.beat();
    });

    test('a retained message stays one on its way to whoever tells, as Mosquitto does, that it is a bridge', async () => {
      const mosquitto = await RawClient.open(bridge[transport]);
      mosquitto.send(connectPacket({ clientId: 'farm-broker', ...login, level: 0x84 }), subscribePacket('feeder/+/config'));
      await mosquitto.expect(Buffer.from('feeder/pond-1/config'));
      const report: Payload<'config'> = { configVersion: 0, values: VALUES, readAt: '2026-01-31T08:00:00.000Z', source: 'start' };
      await home.publish('config', report);
      await mosquitto.expect(publishPacket('feeder/pond-1/config', encode('config', report), { qos: 0, retain: true }));
    });
  });
}

test('MQTT 3.1 is let in too, with an id as long as it allows', async () => {
  const old = await Explorer.connect(bridge.mqttUrl, login, { protocolId: 'MQIsdp', protocolVersion: 3, clientId: 'x'.repeat(23) });
  await old.subscribe('#');
  await old.sees('feeder/pond-1/config');
});

test.skipIf(MOSQUITTO_SUB === undefined)("mosquitto_sub shows the tree of its own site, and of the broker nothing, with an explorer's habits", async () => {
  const look = async (count: number, ...filters: string[]): Promise<string[]> => {
    const { port } = new URL(bridge.mqttUrl);
    const { username, password } = login;
    const args = ['-h', '127.0.0.1', '-p', port, '-u', username, '-P', password, '-C', String(count), '-W', '5', '-F', '%r %q %t'];
    const { stdout } = await promisify(execFile)(MOSQUITTO_SUB ?? '', [...args, ...filters.flatMap((filter) => ['-t', filter])]);
    return stdout.trim().split('\n').sort();
  };
  const retained = RETAINED.map((name) => `1 0 feeder/pond-1/${name}`).sort();
  expect(await look(4, 'feeder/pond-1/#')).toEqual(retained);
  expect(await look(4, '$SYS/#', '#', '+/other-1/#')).toEqual(retained);
});

test('what clears the topics of a feeder that is removed is seen at its site, and where it comes back is decided anew', async () => {
  tokens.set('moving-1', await bridge.enrol('moving-1', 'home'));
  await startAgent('moving-1');
  const explorer = await Explorer.connect(bridge.mqttUrl, login);
  await explorer.subscribe('#');
  for (const name of RETAINED) await explorer.sees(buildTopic('moving-1', name));
  expect((await bridge.rest('DELETE', '/feeders/moving-1')).status).toBe(204);
  for (const name of RETAINED) await explorer.sees(buildTopic('moving-1', name), ({ payload }) => payload === '');
  // The last that is heard of it here: its session was ended.
  await explorer.sees(buildTopic('moving-1', 'session'), ({ payload }) => payload.includes('"ended"'));
  explorer.seen.length = 0;
  tokens.set('moving-1', await bridge.enrol('moving-1', 'away'));
  const elsewhere = await Explorer.connect(bridge.mqttUrl, await makeSiteLogin(bridge, 'away'));
  await elsewhere.subscribe('#');
  await startAgent('moving-1');
  await elsewhere.sees('feeder/moving-1/profile', ({ payload }) => payload === JSON.stringify(PROFILE));
  await home.report(VALUES, 'local');
  await explorer.sees('feeder/pond-1/config');
  expect(explorer.seen.filter(({ topic }) => topic.includes('moving-1'))).toEqual([]);
});

test('who asks for filters without end is cut off, and so is nobody else', async () => {
  const greedy = await Explorer.connect(bridge.mqttUrl, login);
  const modest = await Explorer.connect(bridge.mqttUrl, login);
  const filters = Array.from({ length: 33 }, (_, index) => `feeder/+/config/${index}`);
  await modest.subscribe(...filters.slice(0, 32));
  greedy.client.subscribe(filters);
  await greedy.closed;
  // The same filter again and again costs as much.
  const stubborn = await Explorer.connect(bridge.mqttUrl, login);
  for (let time = 0; time < 33; time += 1) stubborn.client.subscribe('#');
  await stubborn.closed;
  expect(modest.client.connected).toBe(true);
  expect(home.client.connected).toBe(true);
});

test('so many connections and no more may share a login', async () => {
  const shared = await makeSiteLogin(bridge, 'home');
  const explorers = await Promise.all(Array.from({ length: 20 }, () => Explorer.connect(bridge.mqttUrl, shared)));
  await expect(Explorer.connect(bridge.mqttUrl, shared)).rejects.toMatchObject({ code: 3 });
  const [first] = explorers;
  first?.client.end(true);
  await eventually(() => Explorer.connect(bridge.mqttUrl, shared).catch(() => undefined));
});
