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
  second.signal('SIGINT');
  expect(await second.exit).toBe(0);
  expect(second.output()).not.toContain('admin key');
  expect(second.output()).not.toContain(key);
});
