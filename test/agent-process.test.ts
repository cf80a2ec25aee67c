import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { program } from './support/program.ts';
import { ScriptedBridge } from './support/scripted-bridge.ts';
import { readMap, REFERENCE_MAP } from './support/whole-system.ts';

const TOKEN = 'kingfisher-4711';
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

type Run = { child: ChildProcess; output: () => string; exitCode: Promise<number | null> };

function run(args: string[]): Run {
  const child = spawn(process.execPath, [...program('agent/main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
  endings.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exitCode;
  });
  return { child, output: () => output, exitCode };
}

async function configFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-process-'));
  endings.push(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'agent.yaml'), text);
  return join(folder, 'agent.yaml');
}

/** An agent process at work, between a scripted bridge and a simulated PLC. */
async function runAtWork(): Promise<Run & { bridge: ScriptedBridge; plc: SimulatedPlc; sessionId: string }> {
  const bridge = await ScriptedBridge.open();
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  endings.push(() => bridge.close(), () => plc.stop());
  const feeder = { feederId: 'pond-1', token: TOKEN, plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 200 }, registerMap: REFERENCE_MAP, pollSeconds: 0.1 };
  const agent = run(['--config', await configFile(JSON.stringify({ bridge: bridge.url, heartbeatSeconds: 0.3, feeders: [feeder] }))]);
  const { sessionId } = await bridge.take('session', ({ state }) => state === 'started', 15_000);
  await bridge.take('config');
  return { ...agent, bridge, plc, sessionId };
}

describe('the agent as a process', () => {
  it('ends with 2 and every mistake by file, line and path, where it cannot start', async () => {
    const file = await configFile('bridge: nowhere\nfeeder: []\n');
    const { exitCode, output } = run(['--config', file]);
    expect(await exitCode).toBe(2);
    expect(output()).toContain(`${file}:1: bridge: expected a URL`);
    expect(output()).toContain(`${file}:2: feeder: unknown key`);
  });

  it('ends with 2 and its usage, where it is not told its file', async () => {
    const runs = [run([]), run(['--confg', 'x'])];
    for (const { exitCode, output } of runs) {
      expect(await exitCode).toBe(2);
      expect(output()).toContain('--config agent.yaml');
    }
  });

  it('carries out a command, logs it with its trace, shows its token nowhere, and ends with 0 and a goodbye on SIGTERM', async () => {
    const { bridge, child, exitCode, output, sessionId } = await runAtWork();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const command = { ...bridge.change({ mealGrams: 120 }), traceparent };
    expect(await bridge.ask('pond-1', command)).toMatchObject({ outcome: 'applied', readBack: { mealGrams: 120 } });
    child.kill('SIGTERM');
    expect(await exitCode).toBe(0);
    expect(await bridge.take('session')).toEqual({ sessionId, state: 'ended', reason: 'shutdown' });
    const line = output().split('\n').find((text) => text.includes(command.commandId)) ?? '';
    expect(JSON.parse(line)).toMatchObject({ commandId: command.commandId, traceparent, outcome: 'applied' });
    expect(output()).not.toContain(TOKEN);
  });

  it('that is killed leaves its will', async () => {
    const { bridge, plc, child, sessionId } = await runAtWork();
    child.kill('SIGKILL');
    expect(await bridge.take('session')).toEqual({ sessionId, state: 'ended', reason: 'connection-lost' });
    expect(plc.writes).toEqual([]);
  });

  it('ends on SIGTERM also while a command waits for a PLC that does not answer', async () => {
    const { bridge, plc, child, exitCode } = await runAtWork();
    plc.faults.silence({ mode: 'act', meets: 'write' });
    bridge.send('pond-1', bridge.change({ mealGrams: 130 }));
    await expect.poll(() => plc.writes.length).toBeGreaterThan(0);
    plc.faults.silence({ mode: 'swallow' });
    const [, code] = [child.kill('SIGTERM'), await exitCode];
    expect(code).toBe(0);
    expect(bridge.received.filter(({ topic }) => topic === 'ack')).toEqual([]);
  });

  it('goes on where there is neither bridge nor PLC, and ends with 0', async () => {
    const feeder = { feederId: 'pond-1', token: TOKEN, plc: { host: '127.0.0.1', port: 9, timeoutMs: 100 }, registerMap: REFERENCE_MAP };
    const { child, exitCode, output } = run(['--config', await configFile(JSON.stringify({ bridge: 'ws://127.0.0.1:9/mqtt', feeders: [feeder] }))]);
    await expect.poll(output, { timeout: 10_000 }).toContain('ECONNREFUSED');
    child.kill('SIGTERM');
    expect(await exitCode).toBe(0);
  });
});
