import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { runBridge, type BridgeProcess } from './support/bridge-process.ts';
import { freshDatabase } from './support/postgres.ts';
import { freshRedis } from './support/redis.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const KEY = 'kingfisher-4711-kingfisher-4711';

type Reply = { status: number; code: string | undefined; commandId: string | undefined; location: string | null };

/** A bridge process, the agent of an online feeder, and how to ask. */
async function bridgeWithAgent(): Promise<{
  bridge: BridgeProcess;
  agent: ScriptedAgent;
  environment: Record<string, string | undefined>;
  ask: (method: string, path: string, body?: unknown) => Promise<Reply>;
}> {
  const stores = await freshDatabase();
  onTestFinished(() => stores.dispose());
  const environment: Record<string, string | undefined> = {
    PORT: '0',
    DATA_DIR: stores.dataDir,
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: await freshRedis(),
    ADMIN_KEY: KEY,
  };
  const bridge = runBridge(environment);
  const url = await bridge.printed(/bridge listening on (\S+)/);
  const Body = z.object({ code: z.string().optional(), commandId: z.string().optional(), token: z.string().optional() }).loose();
  const request = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(url + path, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { answer, body: Body.parse(await answer.json()) };
  };
  const { body } = await request('POST', '/api/v1/feeders', { feederId: 'pond-1', name: 'pond', site: 'farm' });
  const agent = await ScriptedAgent.start({ wsUrl: `${url.replace('http', 'ws')}/mqtt`, feederId: 'pond-1', token: body.token ?? '' });
  await expect.poll(async () => (await request('GET', '/api/v1/feeders/pond-1')).body['presence']).toBe('online');
  return {
    bridge,
    agent,
    environment: { ...environment, PORT: new URL(url).port },
    ask: async (method, path, asked) => {
      const { answer, body: told } = await request(method, path, asked);
      return { status: answer.status, code: told.code, commandId: told.commandId, location: answer.headers.get('location') };
    },
  };
}

const CONFIG = '/api/v1/feeders/pond-1/config';

test('a change under way is finished; meanwhile the bridge is not ready and takes no other', async () => {
  const { bridge, agent, ask } = await bridgeWithAgent();
  expect(await ask('GET', '/readyz')).toMatchObject({ status: 200 });
  const change = ask('PATCH', CONFIG, { mealGrams: 120 });
  const command = await agent.command();
  const closed = new Promise<number>((resolve) => agent.client.stream.once('close', () => resolve(performance.now())));

  bridge.signal('SIGTERM');
  await expect.poll(async () => (await ask('GET', '/readyz')).status, { interval: 10 }).toBe(503);
  expect(await ask('GET', '/livez')).toMatchObject({ status: 200 });
  expect(await ask('PATCH', CONFIG, { mealGrams: 130 })).toMatchObject({ status: 503, code: 'bridge-stopping', commandId: undefined });
  expect(agent.commandsWaiting()).toEqual([]);

  await agent.applied(command);
  const answer = await change;
  const answeredAtMs = performance.now();
  expect(answer).toMatchObject({ status: 200, commandId: command.commandId });
  expect(await bridge.exit).toBe(0);
  // The agent's session was ended after the answer, not under it.
  expect(await closed).toBeGreaterThan(answeredAtMs - 50);
});

test('a change that nobody answers is waited for no longer than a stop may take, and its outcome is known afterwards', async () => {
  const { bridge, agent, environment, ask } = await bridgeWithAgent();
  const change = ask('PATCH', CONFIG, { mealGrams: 120 });
  const command = await agent.command();
  const askedAtMs = performance.now();
  bridge.signal('SIGTERM');

  const answer = await change;
  expect(answer).toMatchObject({ status: 504, code: 'command-unresolved', commandId: command.commandId });
  expect(answer.location).toBe(`/api/v1/commands/${command.commandId}`);
  expect(await bridge.exit).toBe(0);
  expect(performance.now() - askedAtMs).toBeLessThan(10_000);

  const next = runBridge(environment);
  await next.printed(/bridge listening/);
  const known = async (): Promise<unknown> => {
    const told = await fetch(`http://127.0.0.1:${environment['PORT']}${answer.location}`, { headers: { Authorization: `Bearer ${KEY}` } });
    return told.json();
  };
  expect(await known()).toMatchObject({ commandId: command.commandId, version: command.version });
});

test('a second signal ends it at once', async () => {
  const { bridge, agent, ask } = await bridgeWithAgent();
  const change = ask('PATCH', CONFIG, { mealGrams: 120 }).catch((error: unknown) => error);
  await agent.command();
  bridge.signal('SIGTERM');
  await expect.poll(async () => (await ask('GET', '/readyz')).status, { interval: 10 }).toBe(503);
  const askedAtMs = performance.now();
  bridge.signal('SIGINT');
  expect(await bridge.exit).toBe(1);
  expect(performance.now() - askedAtMs).toBeLessThan(2_000);
  expect(await change).toBeInstanceOf(Error);
});
