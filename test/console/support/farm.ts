import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Agent } from '../../../agent/agent.ts';
import { SimulatedPlc } from '../../../agent/plc/simulator/simulated-plc.ts';
import { makeKey } from '../../support/api-key.ts';
import { eventually, openTestBridge, type TestBridge } from '../../support/bridge.ts';
import { CommandShape, listOf } from '../../support/rest-shapes.ts';
import { readMap, startTestAgent, type TestFeeder } from '../../support/whole-system.ts';

export type FarmFeeder = {
  feederId: string;
  name: string;
  site?: string;
  timeZone?: string;
  /** False: nobody has connected it yet. */
  isServed?: boolean;
};

export type Role = 'viewer' | 'operator' | 'admin';

/** A bridge with its console, one agent, and a simulated PLC behind each feeder, joined by real sockets. */
export type TestFarm = {
  bridge: TestBridge;
  plc(feederId: string): SimulatedPlc;
  /** The address that lets one browser in, in that role. */
  signInLink(role?: Role): Promise<string>;
  /** The feeder's commands, newest first. */
  commands(feederId: string): Promise<z.infer<typeof CommandShape>[]>;
  /** The value that the bridge holds of a parameter. */
  held(feederId: string, name: string): Promise<unknown>;
  stopAgent(): Promise<void>;
  startAgent(): Promise<void>;
  /** Everything as at the start: PLCs answer and hold what the factory set, and the bridge knows. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
};

export type FarmOptions = { feeders: readonly FarmFeeder[]; ackTimeoutMs?: number; settings?: Record<string, string> };

/** Longer than the pauses that tests make a PLC take. */
const PLC_TIMEOUT_MS = 3_000;

const Config = z.object({ values: z.record(z.string(), z.unknown()) });
const Feeder = z.object({ presence: z.string(), plc: z.string(), config: Config.nullable() });
const Code = z.object({ code: z.string() });

/** Opens a farm and waits until the bridge knows each feeder's config; whoever opens it disposes of it. */
export async function openFarm({ feeders, ackTimeoutMs = 10_000, settings = {} }: FarmOptions): Promise<TestFarm> {
  const bridge = await openTestBridge({ LEASE_SECONDS: '5', ACK_TIMEOUT_MS: String(ackTimeoutMs), ...settings });
  const map = await readMap();
  const plcs = new Map<string, SimulatedPlc>();
  const served: TestFeeder[] = [];
  for (const { feederId, name, site = 'farm', timeZone = 'Europe/Oslo', isServed = true } of feeders) {
    const { status, body } = await bridge.rest('POST', '/feeders', { body: { feederId, name, site, timeZone } });
    if (status !== 201) throw new Error(`enrolling ${feederId} was answered ${status} ${JSON.stringify(body)}`);
    if (!isServed) continue;
    const plc = await SimulatedPlc.start({ map, port: 0 });
    plcs.set(feederId, plc);
    served.push({ feederId, token: z.object({ token: z.string() }).parse(body).token, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: PLC_TIMEOUT_MS } });
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'agent-data-'));
  const keys = new Map<Role, string>();
  let agent: Agent | undefined;
  const keyOf = async (role: Role): Promise<string> => {
    const key = keys.get(role) ?? (await makeKey(bridge, role)).key;
    keys.set(role, key);
    return key;
  };
  const farm: TestFarm = {
    bridge,
    plc: (feederId) => {
      const plc = plcs.get(feederId);
      if (plc === undefined) throw new Error(`expected a feeder with a PLC, not ${feederId}`);
      return plc;
    },
    signInLink: async (role = 'operator') => {
      const headers = { Authorization: `Bearer ${await keyOf(role)}` };
      const { code } = Code.parse((await bridge.rest('POST', '/sign-in-codes', { body: {}, headers })).body);
      return `${bridge.url}/#sign-in=${code}`;
    },
    commands: async (feederId) => listOf(CommandShape).parse((await bridge.rest('GET', `/feeders/${feederId}/commands`)).body).items,
    held: async (feederId, name) => {
      const { config } = Feeder.parse((await bridge.rest('GET', `/feeders/${feederId}`)).body);
      return config?.values[name];
    },
    stopAgent: async () => {
      await agent?.stop();
      agent = undefined;
    },
    startAgent: async () => {
      agent ??= await startTestAgent({ bridge: bridge.wsUrl, dataDir, heartbeatSeconds: 0.5, feeders: served });
    },
    settle: async () => {
      for (const plc of plcs.values()) {
        plc.faults.clear();
        plc.resetToDefaults();
        plc.writes.length = 0;
        await plc.reconnect().catch(() => undefined);
      }
      await farm.startAgent();
      for (const [feederId, plc] of plcs) await isInStep(bridge, feederId, plc);
    },
    dispose: async () => {
      await farm.stopAgent();
      await Promise.all([...plcs.values()].map((plc) => plc.stop()));
      await bridge.dispose();
      await rm(dataDir, { recursive: true });
    },
  };
  await farm.startAgent();
  for (const [feederId, plc] of plcs) await isInStep(bridge, feederId, plc);
  return farm;
}

/** Resolves when the bridge holds what the PLC does, and nothing is under way. */
const isInStep = (bridge: TestBridge, feederId: string, plc: SimulatedPlc): Promise<true> =>
  eventually(async () => {
    const { presence, plc: link, config } = Feeder.parse((await bridge.rest('GET', `/feeders/${feederId}`)).body);
    const isSame = [...plc.map.config.keys()].every((name) => config?.values[name] === plc.panel.get(name));
    const { items } = listOf(CommandShape).parse((await bridge.rest('GET', `/feeders/${feederId}/commands`)).body);
    const isQuiet = items.every(({ state }) => state !== 'sent' && state !== 'unresolved');
    return presence === 'online' && link === 'ok' && isSame && isQuiet ? true : undefined;
  }, 20_000);
