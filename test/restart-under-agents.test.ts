import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually } from './support/bridge.ts';
import { startBridgeProcess } from './support/bridge-process.ts';
import { freePort } from './support/free-port.ts';
import { freshDatabase } from './support/postgres.ts';
import { freshRedis } from './support/redis.ts';
import { readMap, startTestAgent, type TestFeeder } from './support/whole-system.ts';

const AGENTS = 50;
const KEY = 'kingfisher-4711-kingfisher-4711';
const Page = z.object({ items: z.array(z.object({ feederId: z.string(), presence: z.string(), plc: z.string() })) });
const History = z.object({ items: z.array(z.object({ commandId: z.string(), state: z.string() })) });

test('a restart under 50 agents loses no command, and shows none of them offline that is back', async () => {
  const stores = await freshDatabase();
  onTestFinished(() => stores.dispose());
  const environment = {
    PORT: String(await freePort()), DATA_DIR: stores.dataDir, DATABASE_URL: stores.databaseUrl, REDIS_URL: await freshRedis(), ADMIN_KEY: KEY,
  };
  const url = `http://127.0.0.1:${environment.PORT}`;
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${KEY}`, 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: z.unknown().parse(await answer.json()) };
  };
  const offline = async (): Promise<number> =>
    Page.parse((await ask('GET', '/feeders?limit=500')).body).items.filter(({ presence }) => presence === 'offline').length;
  const connected = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^feederbridge_mqtt_clients\{kind="feeder"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };

  let bridge = await startBridgeProcess(environment);
  const map = await readMap();
  const plcs = await Promise.all(Array.from({ length: AGENTS }, () => SimulatedPlc.start({ map, port: 0 })));
  onTestFinished(async () => {
    await Promise.all(plcs.map((plc) => plc.stop()));
  });
  const feeders = await Promise.all(plcs.map(async (plc, index): Promise<TestFeeder> => {
    const feederId = `pond-${index}`;
    const { body } = await ask('POST', '/feeders', { feederId, name: feederId, site: 'farm' });
    const { token } = z.object({ token: z.string() }).parse(body);
    return { feederId, token, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 1_000 }, pollSeconds: 5 };
  }));
  const agent = await startTestAgent({ bridge: `${url.replace('http', 'ws')}/mqtt`, feeders, heartbeatSeconds: 2 });
  onTestFinished(() => agent.stop());
  await eventually(async () => ((await offline()) === 0 ? true : undefined), 30_000);

  // Changes go on all the while; one that was not answered is asked for again under its key, as a client would.
  let restarted = false;
  let asked = 0;
  const applied = new Map<string, string[]>();
  const changeAll = async (worker: number): Promise<void> => {
    for (let round = 0; !restarted; round++) {
      for (let index = worker; index < AGENTS; index += 5) {
        const mealGrams = asked++ % 4000;
        const key = `change-${worker}-${round}-${index}`;
        const answer = await eventually(async () => {
          const change = ask('PATCH', `/feeders/pond-${index}/config`, { mealGrams }, { 'Idempotency-Key': key });
          const told = await change.catch(() => undefined);
          return told === undefined || [409, 503, 504].includes(told.status) ? undefined : told;
        }, 30_000);
        expect(answer).toMatchObject({ status: 200 });
        const { commandId } = z.object({ commandId: z.string() }).parse(answer.body);
        applied.set(`pond-${index}`, [...(applied.get(`pond-${index}`) ?? []), commandId]);
      }
    }
  };
  const changes = Promise.all([0, 1, 2, 3, 4].map(changeAll));

  await eventually(() => (asked > 20 ? true : undefined), 10_000);
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);
  bridge = await startBridgeProcess(environment);
  // Leases that outlive the bridge say that nobody was away.
  if (environment.REDIS_URL !== undefined) expect(await offline()).toBe(0);
  for (let backBefore = 0; backBefore < AGENTS; ) {
    backBefore = await connected();
    const back = backBefore;
    // Whoever is back is shown online, within what taking the lease takes.
    await eventually(async () => ((await offline()) <= AGENTS - back ? true : undefined), 1_000);
  }
  await eventually(async () => ((await offline()) === 0 ? true : undefined));
  restarted = true;
  await changes;

  for (const [feederId, commandIds] of applied) {
    const { items } = History.parse((await ask('GET', `/feeders/${feederId}/commands?limit=500`)).body);
    const lasting = items.filter(({ state }) => state !== 'refused');
    expect(lasting.map(({ state }) => state)).toEqual(lasting.map(() => 'applied'));
    expect(lasting.map(({ commandId }) => commandId).sort()).toEqual([...commandIds].sort());
  }
  expect(applied.size).toBe(AGENTS);
}, 120_000);
