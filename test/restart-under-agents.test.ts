import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { eventually, startTestBridge } from './support/bridge.ts';
import { readMap, startTestAgent, type TestFeeder } from './support/whole-system.ts';

const AGENTS = 50;
const CALLERS = 3;
const Page = z.object({ items: z.array(z.object({ feederId: z.string(), presence: z.string(), plc: z.string() })) });
const History = z.object({ items: z.array(z.object({ commandId: z.string(), state: z.string() })) });

test('a restart under 50 agents loses no command, and shows none of them offline that is back', async () => {
  const bridge = await startTestBridge();
  const offline = async (): Promise<number> =>
    Page.parse((await bridge.rest('GET', '/feeders?limit=500')).body).items.filter(({ presence }) => presence === 'offline').length;
  const connected = async (): Promise<number> => {
    const text = await (await fetch(`${bridge.url}/metrics`)).text();
    return Number(/^feederbridge_mqtt_clients\{kind="feeder"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  };

  const map = await readMap();
  const plcs = await Promise.all(Array.from({ length: AGENTS }, () => SimulatedPlc.start({ map, port: 0 })));
  onTestFinished(async () => {
    await Promise.all(plcs.map((plc) => plc.stop()));
  });
  const feeders: TestFeeder[] = [];
  for (const [index, plc] of plcs.entries()) {
    const feederId = `pond-${index}`;
    feeders.push({ feederId, token: await bridge.enrol(feederId), plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 1_000 }, pollSeconds: 5 });
  }
  const agent = await startTestAgent({ bridge: bridge.wsUrl, feeders, heartbeatSeconds: 2 });
  onTestFinished(() => agent.stop());
  await eventually(async () => ((await offline()) === 0 ? true : undefined), 30_000);

  // Changes go on all the while; one that was not answered is asked for again under its key, as a client would.
  let restarted = false;
  let asked = 0;
  const applied = new Map<string, string[]>();
  const changeAll = async (worker: number): Promise<void> => {
    for (let round = 0; !restarted; round++) {
      for (let index = worker; index < AGENTS; index += CALLERS) {
        const mealGrams = asked++ % 4000;
        const key = `change-${worker}-${round}-${index}`;
        const answer = await eventually(async () => {
          const change = bridge.rest('PATCH', `/feeders/pond-${index}/config`, { body: { mealGrams }, headers: { 'Idempotency-Key': key } });
          const told = await change.catch(() => undefined);
          return told === undefined || [409, 503, 504].includes(told.status) ? undefined : told;
        }, 30_000);
        expect(answer).toMatchObject({ status: 200 });
        const { commandId } = z.object({ commandId: z.string() }).parse(answer.body);
        applied.set(`pond-${index}`, [...(applied.get(`pond-${index}`) ?? []), commandId]);
      }
    }
  };
  const changes = Promise.all(Array.from({ length: CALLERS }, (_, caller) => changeAll(caller)));

  await eventually(() => (asked > 20 ? true : undefined), 30_000);
  await bridge.stop(5_000);
  await bridge.restart();
  // Leases that outlive the bridge say that nobody was away.
  if (bridge.environment['REDIS_URL'] !== undefined) expect(await offline()).toBe(0);
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
    const { items } = History.parse((await bridge.rest('GET', `/feeders/${feederId}/commands?limit=500`)).body);
    const lasting = items.filter(({ state }) => state !== 'refused');
    expect(lasting.map(({ state }) => state)).toEqual(lasting.map(() => 'applied'));
    expect(lasting.map(({ commandId }) => commandId).sort()).toEqual([...commandIds].sort());
  }
  expect(applied.size).toBe(AGENTS);
}, 120_000);
