import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { startAgent } from '../agent/agent.ts';
import { loadRegisterMap } from '../agent/plc/register-map.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { loadSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import { createLog } from '../machine/log.ts';
import { stopOnSignal } from '../machine/stop-signals.ts';
import { startBridge } from '../src/bridge.ts';
import { newSecret } from '../src/secrets.ts';
import { parseSettings } from '../src/settings.ts';

// The whole system on this machine: a simulated PLC on real Modbus TCP, the bridge on embedded stores, and an agent
// between them. It keeps nothing: its data goes when it stops.

const FEEDER_ID = 'pond-1';
const USUAL_PORT = 3000;
const READY_WITHIN_MS = 60_000;
const REGISTER_MAP = fileURLToPath(new URL('../agent/register-maps/reference-feeder.yaml', import.meta.url));

/** What has been started, to be stopped in the opposite order. */
const started: (() => Promise<unknown>)[] = [];
let stopping: Promise<void> | undefined;

async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop();
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : String(error));
  void (stopping ??= stopAll()).finally(() => process.exit(1));
}

stopOnSignal(
  () => {
    console.log('stopping …');
    // What is being started now is stopped as well, once it is there.
    return (stopping ??= running.then(stopAll, stopAll));
  },
  (error) => console.error(error),
);

async function run(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'feederbridge-demo-'));
  started.push(() => rm(dataDir, { recursive: true, force: true }));

  const plc = await startPlc();
  const adminKey = newSecret();
  const url = await startDemoBridge(dataDir, adminKey);
  const token = await enrol(url, adminKey);
  await startDemoAgent(dataDir, url, token, plc.port);
  await untilReported(url, adminKey);

  console.log(`
Feederbridge is running: one feeder, "${FEEDER_ID}", with a simulated PLC on 127.0.0.1:${plc.port} (Modbus TCP).

  address    ${url}
  admin key  ${adminKey}

Change what the PLC holds; the answer comes when it was written and read back:

  curl -i -X PATCH ${url}/api/v1/feeders/${FEEDER_ID}/config -H 'Authorization: Bearer ${adminKey}' -H 'Content-Type: application/json' -d '{"mealGrams": 120}'

Ctrl-C stops everything.`);
}

async function startPlc(): Promise<SimulatedPlc> {
  const loaded = await loadRegisterMap(REGISTER_MAP);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const plc = await SimulatedPlc.start({ map: loaded.map, port: 0 });
  started.push(() => plc.stop());
  return plc;
}

async function startDemoBridge(dataDir: string, adminKey: string): Promise<string> {
  const port = process.env['PORT'] ?? String((await isFree(USUAL_PORT)) ? USUAL_PORT : 0);
  const parsed = parseSettings({ PORT: port, MQTT_PORT: process.env['MQTT_PORT'], DATA_DIR: dataDir, ADMIN_KEY: adminKey, LOG_LEVEL: 'error' });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const bridge = await startBridge(parsed.settings, createLog(parsed.settings.LOG_LEVEL), fail);
  started.push(() => bridge.stop(0));
  return bridge.url;
}

async function enrol(url: string, adminKey: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/feeders`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${adminKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ feederId: FEEDER_ID, name: 'Pond 1', site: 'demo' }),
  });
  return z.object({ token: z.string() }).parse(await answer.json()).token;
}

async function startDemoAgent(dataDir: string, url: string, token: string, plcPort: number): Promise<void> {
  const file = join(dataDir, 'agent.yaml');
  const settings = `bridge: ${url.replace('http', 'ws')}/mqtt
feeders:
  - feederId: ${FEEDER_ID}
    token: ${token}
    plc: { host: 127.0.0.1, port: ${plcPort} }
    registerMap: ${JSON.stringify(REGISTER_MAP)}
`;
  await writeFile(file, settings, { mode: 0o600 });
  const loaded = await loadSettings(file);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const agent = await startAgent(loaded.settings, createLog('error'));
  started.push(() => agent.stop());
}

/** Waits until the feeder is online and the bridge knows what its PLC holds. */
async function untilReported(url: string, adminKey: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/api/v1/feeders/${FEEDER_ID}/config`, { headers: { Authorization: `Bearer ${adminKey}` } });
    if (answer.status === 200) return;
    await delay(50);
  }
  throw new Error('expected the agent to report within a minute');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const running = run();
running.catch(fail);
