import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { startAgent, type Agent } from '../../agent/agent.ts';
import { loadRegisterMap, type RegisterMap } from '../../agent/plc/register-map.ts';
import { SimulatedPlc } from '../../agent/plc/simulator/simulated-plc.ts';
import { loadSettings } from '../../agent/settings.ts';
import { formatProblems } from '../../agent/yaml-file.ts';
import { machineClocks, type MachineClocks } from '../../machine/clocks.ts';
import { createLog } from '../../machine/log.ts';
import { Values } from '../../topics/parameters.ts';
import { eventually, openTestBridge, type Answer, type TestBridge } from './bridge.ts';
import { ScriptedBridge } from './scripted-bridge.ts';

export const REFERENCE_MAP = resolve('agent/register-maps/reference-feeder.yaml');

/** One feeder of an agent under test. */
export type TestFeeder = {
  feederId: string;
  token: string;
  plc: { host: string; port: number; unitId?: number; timeoutMs: number } | { serial: string; baudRate: number; unitId: number; timeoutMs: number };
  registerMap?: string;
  pollSeconds?: number;
};
export type AgentOptions = {
  bridge: string;
  /** Of a private authority that vouches for the bridge. */
  caFile?: string;
  feeders: TestFeeder[];
  heartbeatSeconds?: number;
  machine?: MachineClocks;
  /** Where its journal is kept; without it, in a folder that goes when the agent stops. */
  dataDir?: string;
};

/** The real agent, by way of an agent.yaml of its own. */
export async function startTestAgent(options: AgentOptions): Promise<Agent> {
  const { bridge, caFile, feeders, heartbeatSeconds = 0.3, machine = machineClocks, dataDir } = options;
  const folder = await mkdtemp(join(tmpdir(), 'agent-'));
  const file = join(folder, 'agent.yaml');
  const withDefaults = feeders.map((feeder) => ({ registerMap: REFERENCE_MAP, pollSeconds: 0.1, ...feeder }));
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ bridge, caFile, heartbeatSeconds, feeders: withDefaults, ...(dataDir !== undefined && { dataDir }) }));
  const loaded = await loadSettings(file);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const agent = await startAgent(loaded.settings, createLog('silent'), machine);
  return {
    stop: async () => {
      await agent.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/**
 * The real agent on a register map of its own, between a simulated PLC that has it and a bridge that the test scripts;
 * resolves when it has reported, and ends with the test.
 */
export async function startAgentOnMap(mapText: string): Promise<{ bridge: ScriptedBridge; plc: SimulatedPlc }> {
  const folder = await mkdtemp(join(tmpdir(), 'map-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const registerMap = join(folder, 'map.yaml');
  await writeFile(registerMap, mapText);
  const bridge = await ScriptedBridge.open();
  onTestFinished(() => bridge.close());
  const plc = await SimulatedPlc.start({ map: await readMap(registerMap), port: 0 });
  onTestFinished(() => plc.stop());
  const agent = await startTestAgent({
    bridge: bridge.url,
    feeders: [{ feederId: 'pond-1', token: 'secret', plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 }, registerMap }],
  });
  onTestFinished(() => agent.stop());
  await bridge.take('config');
  return { bridge, plc };
}

export async function readMap(file: string = REFERENCE_MAP): Promise<RegisterMap> {
  const loaded = await loadRegisterMap(file);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.map;
}

const Config = z.object({ version: z.int(), values: Values, source: z.enum(['start', 'command', 'local']) });
const Feeder = z.object({
  presence: z.string(),
  plc: z.string(),
  state: z.object({ values: Values, quality: z.record(z.string(), z.string()) }).nullable(),
});
const Command = z.object({
  commandId: z.string(),
  state: z.string(),
  readBack: Values.nullable(),
  previous: Values.nullable(),
  reason: z.object({ code: z.string(), parameter: z.string().optional(), exceptionCode: z.int().optional() }).nullable(),
});
export type CommandRow = z.infer<typeof Command>;
/** A refusal, as far as tests look into it. */
export const ProblemBody = z.object({ code: z.string(), commandId: z.string().optional() });

/** Bridge, real agent and simulated PLC, joined by real sockets. */
export type WholeSystem = {
  bridge: TestBridge;
  plc: SimulatedPlc;
  /** PATCHes the feeder's config. */
  change(body: Values, headers?: Record<string, string>): Promise<Answer>;
  config(): Promise<z.infer<typeof Config> & { etag: string }>;
  feeder(): Promise<z.infer<typeof Feeder>>;
  /** The command of that id, once it has its outcome. */
  outcome(commandId: string, withinMs?: number): Promise<CommandRow>;
  /** The feeder's commands, newest first. */
  commands(): Promise<CommandRow[]>;
  stopAgent(): Promise<void>;
  startAgent(): Promise<void>;
  dispose(): Promise<void>;
};

export type SystemOptions = {
  registerMap?: string;
  pollSeconds?: number;
  plcTimeoutMs?: number;
  ackTimeoutMs?: number;
  machine?: MachineClocks;
};

/** Starts all three and waits until the feeder's config is known to the bridge. */
export async function openSystem(options: SystemOptions = {}): Promise<WholeSystem> {
  const { registerMap = REFERENCE_MAP, pollSeconds = 0.1, plcTimeoutMs = 200, ackTimeoutMs = 5_000, machine } = options;
  const bridge = await openTestBridge({ LEASE_SECONDS: '1', ACK_TIMEOUT_MS: String(ackTimeoutMs) });
  const plc = await SimulatedPlc.start({ map: await readMap(registerMap), port: 0 });
  const token = await bridge.enrol('pond-1');
  const dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
  let agent: Agent | undefined;
  const system: WholeSystem = {
    bridge,
    plc,
    change: (body, headers = {}) => bridge.rest('PATCH', '/feeders/pond-1/config', { body, headers }),
    config: async () => {
      const { body, headers } = await bridge.rest('GET', '/feeders/pond-1/config');
      return { ...Config.parse(body), etag: headers.get('etag') ?? '' };
    },
    feeder: async () => Feeder.parse((await bridge.rest('GET', '/feeders/pond-1')).body),
    outcome: (commandId, withinMs) =>
      eventually(async () => {
        const command = Command.parse((await bridge.rest('GET', `/commands/${commandId}`)).body);
        return command.state === 'sent' || command.state === 'unresolved' ? undefined : command;
      }, withinMs),
    commands: async () => z.object({ items: z.array(Command) }).parse((await bridge.rest('GET', '/feeders/pond-1/commands')).body).items,
    stopAgent: async () => {
      await agent?.stop();
      agent = undefined;
    },
    startAgent: async () => {
      agent = await startTestAgent({
        bridge: bridge.wsUrl,
        dataDir,
        feeders: [{ feederId: 'pond-1', token, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: plcTimeoutMs }, registerMap, pollSeconds }],
        ...(machine && { machine }),
      });
    },
    dispose: async () => {
      await system.stopAgent();
      await rm(dataDir, { recursive: true });
      await plc.stop();
      await bridge.dispose();
    },
  };
  await system.startAgent();
  await eventually(async () => ((await bridge.rest('GET', '/feeders/pond-1/config')).status === 200 ? true : undefined));
  return system;
}

/** The feeder, once it looks as expected. */
export const feederWhen = (system: WholeSystem, passes: (feeder: z.infer<typeof Feeder>) => boolean, withinMs?: number) =>
  eventually(async () => {
    const feeder = await system.feeder();
    return passes(feeder) ? feeder : undefined;
  }, withinMs);

/** The config, once it looks as expected. */
export const configWhen = (system: WholeSystem, passes: (config: Awaited<ReturnType<WholeSystem['config']>>) => boolean, withinMs?: number) =>
  eventually(async () => {
    const config = await system.config();
    return passes(config) ? config : undefined;
  }, withinMs);
