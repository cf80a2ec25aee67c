import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { eventually, startTestBridge } from './support/bridge.ts';
import { runBridge, type BridgeProcess } from './support/bridge-process.ts';
import { connectAgent, readCommand } from './support/live-feeder.ts';
import { freshDatabase } from './support/postgres.ts';
import { freshRedis } from './support/redis.ts';
import { problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';

const KEY = 'kingfisher-4711-kingfisher-4711';

type Reply = { status: number; code: string | undefined; commandId: string | undefined };

/** A bridge process, the agent of an online feeder, and how to ask. */
async function bridgeWithAgent(): Promise<{
  bridge: BridgeProcess;
  agent: ScriptedAgent;
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
    ask: async (method, path, asked) => {
      const { answer, body: told } = await request(method, path, asked);
      return { status: answer.status, code: told.code, commandId: told.commandId };
    },
  };
}

const CONFIG = '/api/v1/feeders/pond-1/config';

test('a change under way is finished; meanwhile the bridge is not ready and takes no other', async () => {
  const { bridge, agent, ask } = await bridgeWithAgent();
  expect(await ask('GET', '/readyz')).toMatchObject({ status: 200 });
  const change = ask('PATCH', CONFIG, { mealGrams: 120 });
  const command = await agent.command();
  const order: string[] = [];
  const closed = new Promise<void>((resolve) => agent.client.stream.once('close', resolve));
  const bothOver = Promise.all([change.then(() => order.push('answered')), closed.then(() => order.push('closed'))]);

  bridge.signal('SIGTERM');
  await expect.poll(async () => (await ask('GET', '/readyz')).status, { interval: 10 }).toBe(503);
  expect(await ask('GET', '/livez')).toMatchObject({ status: 200 });
  expect(await ask('PATCH', CONFIG, { mealGrams: 130 })).toMatchObject({ status: 503, code: 'bridge-stopping', commandId: undefined });
  expect(agent.commandsWaiting()).toEqual([]);

  await agent.applied(command);
  expect(await change).toMatchObject({ status: 200, commandId: command.commandId });
  expect(await bridge.exit).toBe(0);
  await bothOver;
  expect(order).toEqual(['answered', 'closed']);
});

test('a change that nobody answers is waited for no longer than the stop may take, and its outcome is known afterwards; clients are told to let go', async () => {
  const bridge = await startTestBridge();
  const token = await bridge.enrol('pond-1');
  const agent = await connectAgent(bridge, 'pond-1', token);
  const change = bridge.rest('PATCH', '/feeders/pond-1/config', { body: { mealGrams: 120 } });
  const command = await agent.command();
  await bridge.stop(300);

  const answer = await change;
  expect(problemIn(answer, 504, 'command-unresolved').commandId).toBe(command.commandId);
  expect(answer.headers.get('location')).toBe(`/api/v1/commands/${command.commandId}`);
  await bridge.restart();
  expect(await readCommand(bridge, command.commandId)).toMatchObject({ state: 'sent', version: command.version });
  const back = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token });
  await back.applied(await back.command());
  await eventually(async () => ((await readCommand(bridge, command.commandId)).state === 'applied' ? true : undefined));

  // On its way out it tells clients to let go of their connections.
  expect((await bridge.rest('GET', '/feeders')).headers.get('connection')).toBe('keep-alive');
  const stopped = bridge.stop(2_000);
  const onTheWay = await bridge.rest('GET', '//readyz');
  expect(onTheWay).toMatchObject({ status: 503, body: { status: 'stopping' } });
  expect(onTheWay.headers.get('connection')).toBe('close');
  await stopped;
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

test('a signal while it starts ends it with 0', async () => {
  const stores = await freshDatabase();
  onTestFinished(() => stores.dispose());
  const bridge = runBridge({ PORT: '0', DATA_DIR: stores.dataDir, DATABASE_URL: stores.databaseUrl });
  // The first line that it logs is of its migrations, or else it is there already.
  await bridge.printed(/migration|bridge listening/);
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);
});
