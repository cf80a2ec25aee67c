import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { figuresOf, type Figures } from './figures.ts';
import { enrol } from './rest.ts';
import type { Stores } from './stores.ts';
import { startRealBridge, type Bench } from './systems.ts';

/** What it takes to tell many clients of what happens. */
export type EventFigures = {
  clients: number;
  /** From an event's receipt, when it is stored, until the last client has it. */
  toTheLast: Figures;
  /** Each sent to every client. */
  eventsPerSecond: number;
  /** Of one core, while so many were sent. */
  bridgeCpuShare: number;
  residentKibEach: number;
};

const CLIENTS = 500;
const SETTLE_MS = 2_000;
const Latencies = z.object({ latenciesMs: z.array(z.number()) });
const Sustained = z.object({ events: z.int(), elapsedMs: z.number() });

/** Many clients that follow the events, one event at a time, and as many as all of them take. */
export async function fanOutEvents(bench: Bench, stores: Stores, seconds: number): Promise<EventFigures> {
  const store = await stores.fresh('events');
  const bridge = await startRealBridge(bench, 'events-bridge', store, ['--expose-gc', '--import', './bench/usage-probe.ts']);
  const [feeder] = await enrol(bridge, 'told', 1);
  await delay(SETTLE_MS);
  const empty = await bridge.program.usage();
  const orders = { url: bridge.url, key: bridge.key, mqttUrl: bridge.webSocketUrl, feeder, clients: CLIENTS, seconds };
  const followers = bench.programs.start({ name: 'event-followers', file: 'bench/event-followers.ts', orders });
  await followers.printed(/^\{"following".*\}$/);
  await delay(SETTLE_MS);
  const full = await bridge.program.usage();
  followers.tell();
  const { latenciesMs } = Latencies.parse(JSON.parse(await followers.printed(/^\{"latenciesMs".*\}$/)));
  const before = await bridge.program.usage();
  followers.tell();
  const { events, elapsedMs } = Sustained.parse(JSON.parse(await followers.printed(/^\{"events".*\}$/)));
  const after = await bridge.program.usage();
  await followers.stop();
  await bridge.program.stop();
  await stores.clearLeases();
  return {
    clients: CLIENTS,
    toTheLast: figuresOf(latenciesMs, latenciesMs.reduce((sum, each) => sum + each, 0)),
    eventsPerSecond: events / (elapsedMs / 1000),
    bridgeCpuShare: (after.cpuMs - before.cpuMs) / elapsedMs,
    residentKibEach: (full.residentBytes - empty.residentBytes) / 1024 / CLIENTS,
  };
}
