import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PresenceNotice } from '../topics/payloads.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { retainedPresence, shownPresence, untilShown, watchPresence } from './support/presence.ts';
import { openRedis, redisIsThere } from './support/redis.ts';
import { watchRouting } from './support/routed.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const LEASE_MS = 1_000;
/** How late an expiry may be told, and what a busy machine may add on the way from the bridge's timer to this process's. */
const LATE_MS = 300;
const SLACK_MS = 200;

if (!redisIsThere) console.warn('leases in Redis are not tested: neither REDIS_URL nor a redis-server binary is there');

for (const store of ['in the process', 'in Redis'] as const) {
  describe.skipIf(store === 'in Redis' && !redisIsThere)(`a lease ${store}`, () => {
    let redis: Awaited<ReturnType<typeof openRedis>> | undefined;
    let bridge: TestBridge;
    beforeAll(async () => {
      redis = store === 'in Redis' ? await openRedis() : undefined;
      bridge = await openTestBridge({ REDIS_URL: redis?.url ?? '', LEASE_SECONDS: String(LEASE_MS / 1000) });
    });
    afterAll(async () => {
      await bridge.dispose();
      await redis?.dispose();
    });

    let count = 0;
    async function enrolled(): Promise<{ wsUrl: string; feederId: string; token: string }> {
      const feederId = `pond-${++count}`;
      return { wsUrl: bridge.wsUrl, feederId, token: await bridge.enrol(feederId) };
    }
    const change = (feederId: string, mealGrams: number) => bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams } });

    /** It is offline for REST, for changes and for explorers, for this reason and no other. */
    async function expectOffline(feeder: { feederId: string; token: string }, sessionId: string, reason: PresenceNotice['reason']) {
      expect(await shownPresence(bridge, feeder.feederId)).toBe('offline');
      expect(await change(feeder.feederId, 1)).toMatchObject({ status: 409, body: { code: 'feeder-offline' } });
      expect(await retainedPresence(bridge, feeder.feederId, feeder.token)).toMatchObject({ state: 'offline', sessionId, reason });
    }

    /** It is online, and a change goes through. */
    async function expectOnline(agent: ScriptedAgent): Promise<void> {
      expect(await shownPresence(bridge, agent.feederId)).toBe('online');
      const answer = change(agent.feederId, 120);
      await agent.applied(await agent.command());
      expect((await answer).status).toBe(200);
    }

    async function online(feeder: { wsUrl: string; feederId: string; token: string }, will = true): Promise<ScriptedAgent> {
      const agent = await ScriptedAgent.start({ ...feeder, will });
      await untilShown(bridge, feeder.feederId, 'online');
      return agent;
    }

    test('ends with a goodbye', async () => {
      const feeder = await enrolled();
      const agent = await online(feeder);
      const told = await watchPresence(agent);
      await eventually(() => told.find(({ state }) => state === 'online'));
      await agent.publish('session', { sessionId: agent.sessionId, state: 'ended', reason: 'shutdown' });
      await eventually(() => told.find(({ state }) => state === 'offline'));
      expect(agent.client.connected).toBe(true);
      await agent.client.endAsync();
      await expectOffline(feeder, agent.sessionId, 'shutdown');
      expect(told.map(({ state, reason }) => [state, reason])).toEqual([['online', 'connected'], ['offline', 'shutdown']]);
    });

    test('ends with the will, though the socket that tells it still stands', async () => {
      const feeder = await enrolled();
      const agent = await online(feeder);
      await agent.publish('session', { sessionId: agent.sessionId, state: 'ended', reason: 'connection-lost' });
      await untilShown(bridge, feeder.feederId, 'offline', LEASE_MS / 2);
      expect(agent.client.connected).toBe(true);
      // It said that it is over: beats that follow do not make it live again.
      await agent.client.publishAsync(`feeder/${feeder.feederId}/heartbeat`, beatOf(agent.sessionId), { qos: 1 });
      await expectOffline(feeder, agent.sessionId, 'connection-lost');
    });

    test.each([{ will: true }, { will: false }])('ends with the socket, will: $will', async ({ will }) => {
      const feeder = await enrolled();
      const agent = await online(feeder, will);
      agent.crash();
      await untilShown(bridge, feeder.feederId, 'offline', LEASE_MS / 2);
      await expectOffline(feeder, agent.sessionId, 'connection-lost');
    });

    test('expires when the beats stop, is told at its deadline, and lives again with the next beat', async () => {
      const feeder = await enrolled();
      const agent = await online(feeder);
      const told = await watchPresence(agent);
      const sentAtMs = performance.now();
      await agent.beat();
      const answeredAtMs = performance.now();
      const { heardAtMs, sessionId, reason } = await eventually(() => told.find(({ state }) => state === 'offline'));
      expect({ sessionId, reason }).toEqual({ sessionId: agent.sessionId, reason: 'lease-expired' });
      expect(heardAtMs).toBeGreaterThan(sentAtMs + LEASE_MS - 10);
      expect(heardAtMs).toBeLessThan(answeredAtMs + LEASE_MS + LATE_MS + SLACK_MS);
      expect(await shownPresence(bridge, feeder.feederId)).toBe('offline');
      expect((await change(feeder.feederId, 1)).status).toBe(409);
      expect(agent.commandsWaiting()).toEqual([]);
      await agent.beat();
      await eventually(() => (told.at(-1)?.state === 'online' ? true : undefined));
      await expectOnline(agent);
      await eventually(() => (told.filter(({ state }) => state === 'offline').length === 2 ? true : undefined));
      await agent.client.endAsync();
      await expectOffline(feeder, agent.sessionId, 'lease-expired');
    });

    test('goes to a new session, and the will of the old one that comes late changes nothing', async () => {
      const feeder = await enrolled();
      const old = await online(feeder);
      const oldIsGone = new Promise<void>((resolve) => old.client.once('close', resolve));
      const routed = watchRouting();
      const fresh = await ScriptedAgent.start(feeder);
      const told = await watchPresence(fresh);
      await oldIsGone;
      await eventually(() => told.find(({ sessionId }) => sessionId === fresh.sessionId));
      // As a broker in between would bring it, over the connection of now.
      await fresh.publish('session', { sessionId: old.sessionId, state: 'ended', reason: 'connection-lost' });
      await fresh.publish('session', { sessionId: old.sessionId, state: 'ended', reason: 'shutdown' });
      await fresh.beat();
      await expectOnline(fresh);
      // The old session's will, which comes with its end, was told to nobody as the feeder's own.
      const presences = routed.filter(({ topic }) => topic === `feeder/${feeder.feederId}/presence`);
      expect(presences.filter(({ payload }) => payload.includes('"offline"'))).toEqual([]);
      expect(told.at(-1)).toMatchObject({ state: 'online', sessionId: fresh.sessionId });
    });

    test('is not renewed by a late beat of an old session', async () => {
      const feeder = await enrolled();
      const old = await online(feeder);
      const fresh = await ScriptedAgent.start(feeder);
      const told = await watchPresence(fresh);
      await fresh.beat();
      const answeredAtMs = performance.now();
      const beating = setInterval(() => {
        fresh.client.publish(`feeder/${feeder.feederId}/heartbeat`, beatOf(old.sessionId));
      }, 50);
      const { heardAtMs, sessionId } = await eventually(() => told.find(({ state }) => state === 'offline')).finally(() => clearInterval(beating));
      expect(sessionId).toBe(fresh.sessionId);
      expect(heardAtMs).toBeLessThan(answeredAtMs + LEASE_MS + LATE_MS + SLACK_MS);
      await fresh.client.endAsync();
      await expectOffline(feeder, fresh.sessionId, 'lease-expired');
    });

    describe.skipIf(store === 'in the process')('after FLUSHALL', () => {
      let client: Redis;
      beforeAll(() => {
        client = new Redis(redis?.url ?? '');
      });
      afterAll(() => client.disconnect());
      const flush = () => client.flushdb();
      const leaseOf = async (feederId: string): Promise<boolean> => (await client.exists(`feeder:${feederId}:lease`)) === 1;

      test('is held again without a beat, and a live feeder is never told to be offline', async () => {
        const feeder = await enrolled();
        const agent = await online(feeder);
        const told = await watchPresence(agent);
        await agent.beat();
        await flush();
        await eventually(async () => ((await leaseOf(feeder.feederId)) ? true : undefined), LEASE_MS / 2);
        await agent.beat();
        await expectOnline(agent);
        expect(told.filter(({ state }) => state === 'offline')).toEqual([]);
      });

      test('ends with the agent, be it that its socket closes', async () => {
        const feeder = await enrolled();
        const agent = await online(feeder);
        await flush();
        agent.crash();
        await untilShown(bridge, feeder.feederId, 'offline', LEASE_MS / 2);
        // The lease that is held anew for those who live is not held for it.
        const other = await online(await enrolled());
        await flush();
        await eventually(async () => ((await leaseOf(other.feederId)) ? true : undefined));
        expect(await leaseOf(feeder.feederId)).toBe(false);
        await expectOffline(feeder, agent.sessionId, 'connection-lost');
      });

      test('ends with the agent, be it that it only falls silent', async () => {
        const feeder = await enrolled();
        const agent = await online(feeder);
        const told = await watchPresence(agent);
        await agent.beat();
        await flush();
        const flushedAtMs = performance.now();
        const { heardAtMs, reason } = await eventually(() => told.find(({ state }) => state === 'offline'));
        expect(reason).toBe('lease-expired');
        expect(heardAtMs).toBeLessThan(flushedAtMs + 2 * (LEASE_MS + LATE_MS) + SLACK_MS);
        await agent.client.endAsync();
        await expectOffline(feeder, agent.sessionId, 'lease-expired');
      });
    });
  });
}

const beatOf = (sessionId: string): string =>
  JSON.stringify({ sessionId, seq: 0, sentAt: '2026-01-31T08:00:00.000Z', uptimeSeconds: 1, plc: 'ok', configVersion: 0 });
