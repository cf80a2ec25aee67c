import { setTimeout as delay } from 'node:timers/promises';
import { enrol, untilOnline } from './rest.ts';
import type { Stores } from './stores.ts';
import { startConnectedAgents, startRealBridge, type Bench } from './systems.ts';

/** What each connected agent costs a bridge, in KiB: resident memory, and what is in use of its heap and buffers. */
export type MemoryFigures = { agents: number; residentKibEach: number; usedKibEach: number };

const AGENTS = 1000;
/** Connected before the first look, so that code that is compiled once is not counted. */
const WARM_UP_AGENTS = 50;
const SETTLE_MS = 2_000;

/** A bridge of its own, looked at before and after a thousand agents have connected. */
export async function measureMemory(bench: Bench, stores: Stores): Promise<MemoryFigures> {
  const store = await stores.fresh('memory');
  // Enrolled by another process: what is let go of after that would be taken again by the agents, and count for nothing.
  const enrolling = await startRealBridge(bench, 'enrolling-bridge', store);
  const feeders = await enrol(enrolling, 'thousand', WARM_UP_AGENTS + AGENTS);
  await enrolling.program.stop();
  const bridge = await startRealBridge(bench, 'memory-bridge', store, ['--expose-gc', '--import', './bench/usage-probe.ts']);
  const warmUp = await startConnectedAgents(bench, bridge, feeders.slice(0, WARM_UP_AGENTS));
  await untilOnline(bridge, WARM_UP_AGENTS);
  await delay(SETTLE_MS);
  const before = await bridge.program.usage();
  const agents = await startConnectedAgents(bench, bridge, feeders.slice(WARM_UP_AGENTS));
  await untilOnline(bridge, feeders.length);
  await delay(SETTLE_MS);
  const after = await bridge.program.usage();
  await Promise.all([warmUp.stop(), agents.stop()]);
  await bridge.program.stop();
  await stores.clearLeases();
  const kibEach = (bytes: number): number => bytes / 1024 / AGENTS;
  return {
    agents: AGENTS,
    residentKibEach: kibEach(after.residentBytes - before.residentBytes),
    usedKibEach: kibEach(after.usedBytes - before.usedBytes),
  };
}
