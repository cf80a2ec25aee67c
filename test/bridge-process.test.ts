import { connectAsync } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { runBridge, type BridgeProcess } from './support/bridge-process.ts';
import { freshDatabase } from './support/postgres.ts';

async function ownEnvironment(): Promise<Record<string, string | undefined>> {
  const fresh = await freshDatabase();
  onTestFinished(() => fresh.dispose());
  return { PORT: '0', MQTT_PORT: '0', DATA_DIR: fresh.dataDir, DATABASE_URL: fresh.databaseUrl };
}

const urlOf = (bridge: BridgeProcess): Promise<string> => bridge.printed(/bridge listening on (\S+)/);

const feeders = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/api/v1/feeders`, { headers: { Authorization: `Bearer ${key}` } });

test('the admin key made on the first start is printed once, works ever after, and is never printed again', async () => {
  const environment = await ownEnvironment();
  const first = runBridge(environment);
  const key = await first.printed(/admin key[^:]*: (\S+)/);
  const url = await urlOf(first);
  expect((await feeders(url, key)).status).toBe(200);
  expect((await feeders(url, `${key}x`)).status).toBe(401);
  expect(first.output().split(key)).toHaveLength(2);
  first.signal('SIGTERM');
  expect(await first.exit).toBe(0);

  const second = runBridge(environment);
  expect((await feeders(await urlOf(second), key)).status).toBe(200);
  second.signal('SIGTERM');
  expect(await second.exit).toBe(0);
  expect(second.output()).not.toContain('admin key');
  expect(second.output()).not.toContain(key);
});

test('a given ADMIN_KEY is accepted and not printed', async () => {
  const bridge = runBridge({ ...(await ownEnvironment()), ADMIN_KEY: 'kingfisher-4711' });
  expect((await feeders(await urlOf(bridge), 'kingfisher-4711')).status).toBe(200);
  bridge.signal('SIGINT');
  expect(await bridge.exit).toBe(0);
  expect(bridge.output()).not.toContain('kingfisher-4711');
  expect(bridge.output()).not.toContain('admin key');
});

test('SIGTERM ends it promptly with 0, with connections open and a change under way', async () => {
  const key = 'kingfisher-4711';
  const bridge = runBridge({ ...(await ownEnvironment()), ADMIN_KEY: key });
  const url = await urlOf(bridge);
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };
  const enrolled = await fetch(`${url}/api/v1/feeders`, {
    method: 'POST', headers, body: JSON.stringify({ feederId: 'pond-1', name: 'pond', site: 'farm' }),
  });
  const answer: unknown = await enrolled.json();
  const password = typeof answer === 'object' && answer !== null && 'token' in answer ? String(answer.token) : '';
  const agent = await connectAsync(`${url.replace('http', 'ws')}/mqtt`, { clientId: 'pond-1', username: 'pond-1', password, protocolVersion: 4 });
  onTestFinished(() => void agent.end(true));
  await agent.subscribeAsync('feeder/pond-1/command', { qos: 1 });
  const sentAt = new Date().toISOString();
  await agent.publishAsync('feeder/pond-1/session', JSON.stringify({ sessionId: 's', state: 'started', reason: 'connected' }), { qos: 1 });
  await agent.publishAsync('feeder/pond-1/heartbeat', JSON.stringify({ sessionId: 's', seq: 0, sentAt, uptimeSeconds: 1, plc: 'ok', configVersion: 0 }));
  const commanded = new Promise<void>((resolve) => agent.once('message', () => resolve()));
  await expect.poll(async () => JSON.stringify(await (await feeders(url, key)).json())).toContain('"online"');
  const change = fetch(`${url}/api/v1/feeders/pond-1/config`, { method: 'PATCH', headers, body: '{"mealGrams": 1}' }).catch((error: unknown) => error);
  await commanded;
  const askedAt = performance.now();
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);
  expect(performance.now() - askedAt).toBeLessThan(3_000);
  expect(await change).toBeInstanceOf(Error);
});
