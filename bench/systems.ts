import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Target } from './load.ts';
import type { Program, Programs } from './programs.ts';
import { enrol, untilOnline, type Enrolled, type Rest } from './rest.ts';
import type { Store } from './stores.ts';

const REGISTER_MAP = fileURLToPath(new URL('../agent/register-maps/reference-feeder.yaml', import.meta.url));
const Ports = z.object({ ports: z.array(z.int()) });
const Port = z.object({ port: z.int() });
/** A line in which a process tells that it is ready. */
const READY = /^\{.*\}$/;

/** A bridge in a process of its own, with default settings but for how much one key may change: it stands for many here. */
export type RealBridge = Rest & { mqttUrl: string; webSocketUrl: string; program: Program };

export type Bench = {
  programs: Programs;
  folder: string;
  /** Where bridge and agent write CPU profiles, if anywhere. */
  profileFolder: string | undefined;
};

/** Simulated PLCs on real Modbus TCP, in one process; resolves with their ports. */
export async function startPlcs({ programs }: Bench, count: number): Promise<number[]> {
  const plcs = programs.start({ name: 'plcs', file: 'bench/plcs.ts', orders: { count, registerMap: REGISTER_MAP } });
  return Ports.parse(JSON.parse(await plcs.printed(READY))).ports;
}

/** The bridge as it is run in production, listening on free ports; `nodeArgs` where its process is looked into. */
export async function startRealBridge(bench: Bench, name: string, store: Store, nodeArgs: readonly string[] = []): Promise<RealBridge> {
  const key = randomBytes(32).toString('base64url');
  const program = bench.programs.start({
    name,
    file: 'src/main.ts',
    nodeArgs: [...profiling(bench, name), ...nodeArgs],
    env: {
      PORT: '0',
      MQTT_PORT: '0',
      DATA_DIR: store.dataDir,
      ADMIN_KEY: key,
      WRITES_PER_MINUTE: '10000000',
      ...(store.databaseUrl !== undefined && { DATABASE_URL: store.databaseUrl }),
      ...(store.redisUrl !== undefined && { REDIS_URL: store.redisUrl }),
    },
  });
  const url = await program.printed(/bridge listening on (http:\S+)/);
  const mqttAddress = await program.printed(/plain MQTT on (\S+)/);
  return { url, key, mqttUrl: `mqtt://${mqttAddress}`, webSocketUrl: `${url.replace('http', 'ws')}/mqtt`, program };
}

/** The real agent with a feeder for each PLC, in one process; resolves when all are online. */
export async function startRealAgents(bench: Bench, bridge: RealBridge, plcPorts: readonly number[]): Promise<Target> {
  const enrolled = await enrol(bridge, 'pond', plcPorts.length);
  const file = join(bench.folder, 'agent.yaml');
  const feeders = enrolled.map(({ feederId, token }, index) => ({
    feederId,
    token,
    plc: { host: '127.0.0.1', port: plcPorts[index] },
    registerMap: REGISTER_MAP,
  }));
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ bridge: bridge.webSocketUrl, feeders }), { mode: 0o600 });
  const program = bench.programs.start({ name: 'agent', file: 'agent/main.ts', args: ['--config', file], nodeArgs: profiling(bench, 'agent') });
  await program.printed(/^agent for .* started$/);
  await untilOnline(bridge, enrolled.length);
  return { ...bridge, feederIds: enrolled.map(({ feederId }) => feederId) };
}

/** The floor: the least code on both sides, with a feeder for each PLC. */
export async function startFloor({ programs }: Bench, store: Store, plcPorts: readonly number[]): Promise<{ target: Target; stop: () => Promise<void> }> {
  await mkdir(store.dataDir, { recursive: true });
  const { databaseUrl, dataDir } = store;
  const bridge = programs.start({
    name: 'floor-bridge',
    file: 'bench/floor-bridge.ts',
    orders: { databaseUrl, dataDir },
  });
  const { port } = Port.parse(JSON.parse(await bridge.printed(READY)));
  const feeders = plcPorts.map((plcPort, index) => ({ feederId: `pond-${index + 1}`, port: plcPort }));
  const agent = programs.start({
    name: 'floor-agent',
    file: 'bench/floor-agent.ts',
    orders: { url: `ws://127.0.0.1:${port}/mqtt`, feeders },
  });
  await agent.printed(READY);
  return {
    target: { url: `http://127.0.0.1:${port}`, key: '', feederIds: feeders.map(({ feederId }) => feederId) },
    stop: async () => {
      await agent.stop();
      await bridge.stop();
    },
  };
}

/** Connected agents without PLCs, in one process, that beat and publish `stateEveryMs`, if at all; resolves when all are connected. */
export async function startConnectedAgents(
  { programs }: Bench,
  bridge: RealBridge,
  feeders: readonly Enrolled[],
  stateEveryMs?: number,
): Promise<Program> {
  const orders = { url: bridge.webSocketUrl, feeders, stateEveryMs };
  const program = programs.start({ name: 'connected-agents', file: 'bench/connected-agents.ts', orders });
  await program.printed(READY);
  return program;
}

/** Each thread of a process writes a profile of its own, so each process has a folder. */
const profiling = ({ profileFolder }: Bench, name: string): string[] =>
  profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profileFolder, name)}`];
