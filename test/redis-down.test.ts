import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { eventually, startTestBridge } from './support/bridge.ts';
import { startHalfOpenProxy } from './support/half-open-proxy.ts';
import { shownPresence, untilShown, watchPresence } from './support/presence.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';
import { hasRedis, startRedis, type ServerProcess } from './support/server-process.ts';

// Leases outlive what these tests take, so that nothing is put right by expiring.
const LEASE_SECONDS = '30';

if (!hasRedis) console.warn('Redis going down is not tested: no redis-server binary is there');

describe.skipIf(!hasRedis)('while Redis is', () => {
  let server: ServerProcess;
  beforeAll(async () => (server = await startRedis()));
  afterAll(() => server.dispose());

  async function leaseOf(feederId: string): Promise<boolean> {
    const redis = new Redis(server.url);
    const found = await redis.exists(`feeder:${feederId}:lease`);
    redis.disconnect();
    return found === 1;
  }

  test.each(['gone', 'frozen', 'cut off'] as const)('%s, changes are refused within a second and reads go on; afterwards every lease is right', async (way) => {
    const proxy = await startHalfOpenProxy(Number(new URL(server.url).port));
    const down = {
      gone: () => server.kill(),
      frozen: () => server.freeze(),
      'cut off': () => proxy.goHalfOpen(),
    }[way];
    const up = {
      gone: () => server.start(),
      frozen: () => server.thaw(),
      'cut off': () => proxy.reopen(),
    }[way];
    onTestFinished(() => server.thaw());
    const bridge = await startTestBridge({ REDIS_URL: `redis://127.0.0.1:${proxy.port}`, LEASE_SECONDS });
    const change = (feederId: string, mealGrams: number) => bridge.rest('PATCH', `/feeders/${feederId}/config`, { body: { mealGrams } });
    const ready = (status: number) => eventually(async () => ((await bridge.rest('GET', '//readyz')).status === status ? true : undefined));
    async function expectChangeWorks(agent: ScriptedAgent): Promise<void> {
      const answer = change(agent.feederId, 120);
      await agent.applied(await agent.command());
      expect((await answer).status).toBe(200);
    }
    const feeder = async (feederId: string) => ({ wsUrl: bridge.wsUrl, feederId, token: await bridge.enrol(feederId) });
    const [stays, leaves, comes, changes] = await Promise.all(['stays', 'leaves', 'comes', 'changes'].map(feeder));
    if (!stays || !leaves || !comes || !changes) throw new Error('expected four feeders');
    const agents = await Promise.all([stays, leaves, changes].map((each) => ScriptedAgent.start(each)));
    const [staying, leaving, old] = agents;
    if (!staying || !leaving || !old) throw new Error('expected three agents');
    for (const { feederId } of agents) await untilShown(bridge, feederId, 'online');
    const told = await watchPresence(staying);
    await ready(200);

    await down();
    const askedAtMs = performance.now();
    expect(await change(stays.feederId, 1)).toMatchObject({ status: 503, body: { code: 'lease-store-unavailable' } });
    expect(performance.now() - askedAtMs).toBeLessThan(1_000);
    expect(await bridge.rest('GET', '//readyz')).toMatchObject({ status: 503, body: { checks: { database: 'ok', leases: 'unavailable' } } });
    expect((await bridge.rest('GET', '//livez')).status).toBe(200);
    for (const path of ['/feeders', `/feeders/${stays.feederId}`, `/feeders/${stays.feederId}/config`, `/feeders/${stays.feederId}/commands`]) {
      expect((await bridge.rest('GET', path)).status, path).toBe(200);
    }
    expect(staying.commandsWaiting()).toEqual([]);

    // Meanwhile one leaves, one comes, one comes back on another connection, and one goes on.
    leaving.crash();
    await untilShown(bridge, leaves.feederId, 'offline');
    const coming = await ScriptedAgent.start(comes);
    const fresh = await ScriptedAgent.start(changes);
    await staying.beat();
    expect(await shownPresence(bridge, stays.feederId)).toBe('online');
    await eventually(async () => ((await change(stays.feederId, 1)).status === 503 ? true : undefined));

    await up();
    await ready(200);
    // Nobody has beaten since: those who are connected hold their leases again all the same.
    for (const agent of [staying, coming, fresh]) {
      await eventually(async () => ((await leaseOf(agent.feederId)) ? true : undefined));
      await untilShown(bridge, agent.feederId, 'online');
      await expectChangeWorks(agent);
    }
    await eventually(async () => ((await leaseOf(leaves.feederId)) ? undefined : true));
    expect(await shownPresence(bridge, leaves.feederId)).toBe('offline');
    expect(await change(leaves.feederId, 1)).toMatchObject({ status: 409, body: { code: 'feeder-offline' } });
    expect(told.filter(({ state }) => state === 'offline')).toEqual([]);
  });
});
