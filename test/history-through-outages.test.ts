import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { allHistories } from './chaos/history.ts';
import { eventually, openTestBridge, type TestBridge } from './support/bridge.ts';
import { hasPostgres, startPostgres, type ServerProcess } from './support/server-process.ts';
import { openTcpProxy, type TcpProxy } from './support/tcp-proxy.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

const Meals = z.object({
  items: z.array(z.object({ count: z.number(), grams: z.number(), source: z.string(), commandId: z.string().nullable(), booked: z.boolean() })),
});

describe.skipIf(!hasPostgres)('history through outages', () => {
  let postgres: ServerProcess;
  let bridge: TestBridge;
  let plc: SimulatedPlc;
  let line: TcpProxy;
  let agent: Agent | undefined;
  let dataDir: string;
  let token: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    bridge = await openTestBridge({ DATABASE_URL: postgres.url, LEASE_SECONDS: '1' });
    plc = await SimulatedPlc.start({ map: await readMap(), port: 0, speed: 100 });
    line = await openTcpProxy(Number(new URL(bridge.url).port));
    dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
    token = await bridge.enrol('pond-1');
    await startAgent();
  });
  afterAll(async () => {
    await stopAgent();
    await line.close();
    await plc.stop();
    await bridge.dispose();
    await postgres.dispose();
    await rm(dataDir, { recursive: true });
  });

  async function startAgent(): Promise<void> {
    const feeder = { feederId: 'pond-1', token, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 } };
    agent = await startTestAgent({ bridge: `ws://127.0.0.1:${line.port}/mqtt`, dataDir, feeders: [feeder] });
  }

  async function stopAgent(): Promise<void> {
    await agent?.stop();
    agent = undefined;
  }

  const counters = () => ({ count: Number(plc.panel.get('count')), grams: Number(plc.panel.get('totalGrams')) });
  /** Of the last day; undefined while they cannot be had. */
  async function meals(): Promise<z.infer<typeof Meals>['items'] | undefined> {
    const { status, body } = await bridge.rest('GET', '/feeders/pond-1/meals');
    return status === 200 ? Meals.parse(body).items : undefined;
  }
  /** The meals, once all that the PLC counted is stored. */
  const allStored = () =>
    eventually(async () => {
      const [stored, counted] = [await meals(), counters()];
      const sum = (stored ?? []).reduce(({ count, grams }, meal) => ({ count: count + meal.count, grams: grams + meal.grams }), { count: 0, grams: 0 });
      return sum.count === counted.count && sum.grams === counted.grams ? stored : undefined;
    }, 10_000);
  async function feed(grams: number): Promise<void> {
    const { count } = counters();
    plc.panel.feed(grams);
    await eventually(() => (counters().count > count ? true : undefined));
  }
  const bytesQueued = async (): Promise<number> =>
    Number(/^feederbridge_record_bytes_queued (\d+)/m.exec(await (await fetch(`${bridge.url}/metrics`)).text())?.[1]);

  it('has every meal and dose once, whatever was away', async () => {
    // What is fed before the first baseline is no part of the history.
    await eventually(async () => (await allHistories(postgres.url))[0]?.counters ?? undefined);
    const dose = await bridge.rest('POST', '/feeders/pond-1/commands', { body: { kind: 'feed-now', grams: 70 }, headers: { 'Idempotency-Key': 'morning' } });
    expect(dose.status).toBe(200);
    await allStored();

    await stopAgent();
    await feed(41);
    await feed(42);
    await startAgent();
    await allStored();

    await postgres.kill();
    await feed(43);
    await eventually(async () => ((await bytesQueued()) > 0 ? true : undefined));
    // It goes with what it could not store.
    await bridge.stop();
    await stopAgent();
    await feed(44);
    await postgres.start();
    await bridge.restart();
    await startAgent();
    line.cut();
    await feed(45);
    line.reopen();

    const stored = await allStored();
    expect(counters()).toEqual({ count: 6, grams: 285 });
    const { commandId } = z.object({ commandId: z.string() }).parse(dose.body);
    expect(stored.filter(({ source }) => source === 'feed-now')).toEqual([{ count: 1, grams: 70, source: 'feed-now', commandId, booked: false }]);
    // Each was told, and none found missing by the counters alone.
    expect(stored.filter(({ booked }) => booked)).toEqual([]);
  });

  it('goes on from an old copy of the spool, and loses nothing that was seen since it was put back', async () => {
    const [spool, copy] = [join(dataDir, 'spool'), join(dataDir, 'copy')];
    await stopAgent();
    await cp(spool, copy, { recursive: true });
    await startAgent();
    await feed(51);
    await allStored();
    await stopAgent();
    await rm(spool, { recursive: true });
    await rename(copy, spool);
    const spools = async () => (await allHistories(postgres.url))[0]?.spools ?? [];
    const before = await spools();
    line.cut();
    await startAgent();
    await feed(52);
    line.reopen();
    const stored = await allStored();
    expect(stored.filter(({ grams }) => grams === 51 || grams === 52)).toHaveLength(2);
    const after = await eventually(async () => ((await spools()).length > before.length ? spools() : undefined));
    expect(after.map(({ ranges }) => ranges.length)).toEqual(after.map(() => 1));
  });
});
