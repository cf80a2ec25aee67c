import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually, startTestBridge } from './support/bridge.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';
import { hasRedis, startRedis } from './support/server-process.ts';

if (!hasRedis) console.warn('a Redis that refuses writes is not tested: no redis-server binary is there');

describe.skipIf(!hasRedis)('a Redis that is full', () => {
  test('is told as what it is, not as a feeder that is offline, and is taken up again by itself', async () => {
    const server = await startRedis();
    onTestFinished(() => server.dispose());
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    const bridge = await startTestBridge({ REDIS_URL: server.url, LEASE_SECONDS: '0.5' });
    const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token: await bridge.enrol('pond-1') });
    const change = () => bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
    const readiness = async () => (await bridge.rest('GET', '//readyz')).body;
    expect(await readiness()).toMatchObject({ checks: { leases: 'ok' } });

    await redis.config('SET', 'maxmemory', '1');
    await eventually(async () => ((await redis.exists('feeder:pond-1:lease')) === 0 ? true : undefined));
    await agent.beat();
    const refused = await eventually(async () => {
      const answer = await change();
      return answer.status === 503 ? answer : undefined;
    });
    expect(refused.body).toMatchObject({ code: 'lease-store-unavailable' });
    expect(await readiness()).toMatchObject({ status: 'unavailable', checks: { leases: 'unavailable', database: 'ok' } });
    expect(agent.commandsWaiting()).toEqual([]);

    await redis.config('SET', 'maxmemory', '0');
    await agent.beat();
    const answer = change();
    await agent.applied(await agent.command());
    expect((await answer).status).toBe(200);
    const history = await bridge.rest('GET', '/feeders/pond-1/commands');
    expect(JSON.stringify(history.body)).toContain('"lease-store-unavailable"');
  });
});
