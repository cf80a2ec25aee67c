import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { startBridgeProcess } from './support/bridge-process.ts';
import { retainedPresence, shownPresence, untilShown, watchPresence } from './support/presence.ts';
import { openRedis, redisIsThere } from './support/redis.ts';
import { watchRouting } from './support/routed.ts';
import { PROFILE, ScriptedAgent, VALUES } from './support/scripted-agent.ts';

if (!redisIsThere) console.warn('presence after a crash, with leases in Redis, is not tested: no Redis is there');

const Config = z.object({ readAt: z.string() });

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await openTestBridge();
});
afterAll(() => bridge.dispose());

test('what is retained of a feeder is there again after a restart, from the store, before its agent is back', async () => {
  const token = await bridge.enrol('pond-1');
  await bridge.enrol('never-seen');
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token });
  await untilShown(bridge, 'pond-1', 'online');
  const { readAt } = Config.parse(
    await eventually(async () => {
      const { status, body } = await bridge.rest('GET', '/feeders/pond-1/config');
      return status === 200 ? body : undefined;
    }),
  );
  await agent.publish('session', { sessionId: agent.sessionId, state: 'ended', reason: 'shutdown' });
  await untilShown(bridge, 'pond-1', 'offline');
  const before = await retainedPresence(bridge, 'pond-1', token);
  const routed = watchRouting();
  await bridge.restart();
  const told = routed.filter(({ topic }) => topic.startsWith('feeder/'));
  expect(told.every(({ retain }) => retain)).toBe(true);
  expect(Object.fromEntries(told.map(({ topic, payload }): [string, unknown] => [topic, JSON.parse(payload)]))).toEqual({
    'feeder/pond-1/presence': before,
    'feeder/pond-1/profile': PROFILE,
    'feeder/pond-1/config': { configVersion: 0, values: VALUES, readAt, source: 'start' },
  });
  expect(await retainedPresence(bridge, 'pond-1', token)).toEqual(before);
  expect(before).toMatchObject({ state: 'offline', sessionId: agent.sessionId, reason: 'shutdown' });
  expect(await shownPresence(bridge, 'pond-1')).toBe('offline');
});

for (const store of ['in the process', 'in Redis'] as const) {
  describe.skipIf(store === 'in Redis' && !redisIsThere)(`after a crash of the bridge, with leases ${store}`, () => {
    let redis: Awaited<ReturnType<typeof openRedis>> | undefined;
    beforeAll(async () => {
      redis = store === 'in Redis' ? await openRedis() : undefined;
    });
    afterAll(() => redis?.dispose());

    test('a feeder stored as online without a lease is told to be offline at once, and online again with its next session', async () => {
      const REDIS_URL = redis?.url ?? '';
      const feederId = redis ? 'pond-3' : 'pond-2';
      const token = await bridge.enrol(feederId);
      await bridge.stop();
      const crashing = await startBridgeProcess({ ...bridge.environment, REDIS_URL, LEASE_SECONDS: '30' });
      const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId, token });
      await untilShown(bridge, feederId, 'online');
      await eventually(async () => ((await bridge.rest('GET', `/feeders/${feederId}/config`)).status === 200 ? true : undefined));
      await agent.beat();
      await crashing.kill();
      await loseLeases();
      // With a lease this long, whatever is told soon is told because of the start.
      await bridge.restart({ REDIS_URL, LEASE_SECONDS: '60' });
      await untilShown(bridge, feederId, 'offline', 1_000);
      expect(await retainedPresence(bridge, feederId, token)).toMatchObject({ state: 'offline', sessionId: agent.sessionId, reason: 'lease-expired' });
      const next = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId, token });
      await untilShown(bridge, feederId, 'online');
      const told = await watchPresence(next);
      expect(await eventually(() => told[0])).toMatchObject({ state: 'online', sessionId: next.sessionId, reason: 'connected' });
    });

    /** Not even the record is left that it was to expire. */
    async function loseLeases(): Promise<void> {
      if (redis === undefined) return;
      const client = new Redis(redis.url);
      await client.flushdb();
      client.disconnect();
    }
  });
}
