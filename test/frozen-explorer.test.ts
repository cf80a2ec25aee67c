import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBridge, type TestBridge } from './support/bridge.ts';
import { connectAgent } from './support/live-feeder.ts';
import { connack, connectPacket, PING, PONG, suback, subscribePacket } from './support/mqtt-packets.ts';
import { RawClient } from './support/raw-mqtt.ts';
import type { ScriptedAgent } from './support/scripted-agent.ts';
import { Explorer, makeSiteLogin, type TestSiteLogin } from './support/site-login.ts';

const AT = '2026-01-31T08:00:00.000Z';
/** A field that nobody knows, to fill the sockets on the way: they take some 10 MB on loopback. */
const PADDING = 'x'.repeat(60_000);
const ROUNDS = 25;

let bridge: TestBridge;
let login: TestSiteLogin;
let agent: ScriptedAgent;
const tokens = { quiet: '', noisy: '' };
beforeAll(async () => {
  bridge = await openTestBridge();
  tokens.quiet = await bridge.enrol('quiet', 'home');
  tokens.noisy = await bridge.enrol('noisy', 'home');
  login = await makeSiteLogin(bridge, 'home');
});
afterAll(() => bridge.dispose());

/** How many connections of site logins the bridge has. */
async function explorers(): Promise<number> {
  const text = await (await fetch(`${bridge.url}/metrics`)).text();
  return Number(/^feederbridge_mqtt_clients\{.*"site-login".*\} (\d+)$/m.exec(text)?.[1]);
}

/** Changes the quiet feeder's config, which must be answered whatever else goes by. */
async function changeConfig(mealGrams: number): Promise<void> {
  const answer = bridge.rest('PATCH', '/feeders/quiet/config', { body: { mealGrams } });
  const early = answer.then((told) => {
    throw new Error(`answered before the agent was asked: ${told.status} ${JSON.stringify(told.body)}`);
  });
  await agent.applied(await Promise.race([agent.command(), early]));
  expect((await answer).status).toBe(200);
}

for (const transport of ['wsUrl', 'mqttUrl'] as const) {
  describe(`over ${transport === 'wsUrl' ? 'WebSocket' : 'TCP'}`, () => {
    /** An explorer on everything that stopped reading. */
    async function freeze(): Promise<RawClient> {
      const frozen = await RawClient.open(bridge[transport]);
      frozen.send(connectPacket({ clientId: 'frozen', ...login }), subscribePacket('#'));
      await frozen.expect(connack(0));
      await frozen.expect(suback(1, 1));
      frozen.stream.pause();
      return frozen;
    }

    test('messages that may be lost are dropped for an explorer that stopped reading, and nobody waits for it', async () => {
      agent = await connectAgent(bridge, 'quiet', tokens.quiet);
      const noisy = await connectAgent(bridge, 'noisy', tokens.noisy);
      const frozen = await freeze();
      for (let round = 1; round <= ROUNDS; round++) {
        const state = JSON.stringify({ at: AT, values: { mealsToday: round }, padding: PADDING });
        const states = Array.from({ length: 10 }, () => noisy.client.publishAsync('feeder/noisy/state', state, { retain: true }));
        await Promise.all([...states, changeConfig(round)]);
      }
      frozen.stream.resume();
      frozen.send(PING);
      await frozen.expect(PONG);
      const reading = await Explorer.connect(bridge[transport], login);
      await reading.subscribe('#');
      await reading.sees('feeder/noisy/state', ({ payload }) => payload.includes(`"mealsToday":${ROUNDS}`));
      frozen.stream.destroy();
    });

    test('an explorer that does not read what matters is cut off, and sees all that is retained when it comes back', async () => {
      agent = await connectAgent(bridge, 'quiet', tokens.quiet);
      const noisy = await connectAgent(bridge, 'noisy', tokens.noisy);
      await freeze();
      let rounds = 0;
      while ((await explorers()) > 0) {
        const batch = JSON.stringify({ spoolId: 's-1', records: [{ seq: rounds, at: AT, kind: 'plc', state: 'ok' }], padding: PADDING });
        const batches = Array.from({ length: 10 }, () => noisy.client.publishAsync('feeder/noisy/records', batch, { qos: 1 }));
        await Promise.all([...batches, changeConfig(rounds++)]);
      }
      const explorer = await Explorer.connect(bridge[transport], login);
      await explorer.subscribe('#');
      await explorer.sees('feeder/quiet/config', ({ retain }) => retain);
    });
  });
}
