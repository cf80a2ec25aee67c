import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { startAgent } from '../agent/agent.ts';
import { loadRegisterMap } from '../agent/plc/register-map.ts';
import type { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { loadSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import { createLog } from '../machine/log.ts';
import { stopOnSignal } from '../machine/stop-signals.ts';
import type { FeederLife } from '../seed/feeder-life.ts';
import { seedHistory } from '../seed/seed-history.ts';
import { startBridge } from '../src/bridge.ts';
import { newSecret } from '../src/secrets.ts';
import { parseSettings, type Settings } from '../src/settings.ts';
import { openDatabase } from '../src/store/database.ts';
import { toInstant } from '../topics/identifiers.ts';
import { startPlcWithPast } from './plc-with-a-past.ts';

// The whole system on this machine: a simulated PLC on real Modbus TCP, the bridge on embedded stores with the history of a
// week, and an agent between them. It keeps nothing: its data goes when it stops.

const FEEDER_ID = 'pond-1';
const DAYS_BEFORE = 7;
/** Of all weeks one in which much happens. */
const SEED = 36;
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
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

  const adminKey = newSecret();
  const settings = await demoSettings(dataDir, adminKey);
  console.log(`making up the last ${DAYS_BEFORE} days of "${FEEDER_ID}" …`);
  const plc = await startPlc(await makeUpHistory(settings));
  const url = await startDemoBridge(settings);
  const token = await newToken(url, adminKey);
  await startDemoAgent(dataDir, url, token, plc.port);
  await untilReported(url, adminKey);
  const since = toInstant(Date.now() - DAYS_BEFORE * 86_400_000);

  console.log(`
Feederbridge is running: one feeder, "${FEEDER_ID}", with a simulated PLC on 127.0.0.1:${plc.port} (Modbus TCP).

  address    ${url}
  admin key  ${adminKey}

Change what the PLC holds; the answer comes when it was written and read back:

  curl -i -X PATCH ${url}/api/v1/feeders/${FEEDER_ID}/config -H 'Authorization: Bearer ${adminKey}' -H 'Content-Type: application/json' -d '{"mealGrams": 120}'

Look at the last ${DAYS_BEFORE} days (made up, up to the start of this): readings by the hour, meals as a table, and what happens from now on:

  curl '${url}/api/v1/feeders/${FEEDER_ID}/readings?bucket=1h&from=${since}' -H 'Authorization: Bearer ${adminKey}'
  curl '${url}/api/v1/feeders/${FEEDER_ID}/meals?from=${since}' -H 'Authorization: Bearer ${adminKey}' -H 'Accept: text/csv'
  curl -N ${url}/api/v1/events -H 'Authorization: Bearer ${adminKey}'

Ctrl-C stops everything.`);
}

async function demoSettings(dataDir: string, adminKey: string): Promise<Settings> {
  const port = process.env['PORT'] ?? String((await isFree(USUAL_PORT)) ? USUAL_PORT : 0);
  const parsed = parseSettings({ PORT: port, MQTT_PORT: process.env['MQTT_PORT'], DATA_DIR: dataDir, ADMIN_KEY: adminKey, LOG_LEVEL: 'error' });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
}

/** Enrols the feeder with its past, and tells how that left it. */
async function makeUpHistory({ DATA_DIR: dataDir, RETENTION_DAYS: retentionDays }: Settings): Promise<FeederLife> {
  const db = await openDatabase({ dataDir, onLost: fail });
  try {
    const feeders = [{ feederId: FEEDER_ID, name: 'Pond 1' }];
    const [seeded] = await seedHistory(db, {
      feeders, site: 'demo', timeZone: TIME_ZONE, days: DAYS_BEFORE, seed: SEED, retentionDays, onStored: () => undefined,
    });
    if (seeded === undefined) throw new Error('expected the feeder that was asked for');
    return seeded.life;
  } finally {
    await db.close();
  }
}

async function startPlc(life: FeederLife): Promise<SimulatedPlc> {
  const loaded = await loadRegisterMap(REGISTER_MAP);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const plc = await startPlcWithPast(loaded.map, life, TIME_ZONE);
  started.push(() => plc.stop());
  return plc;
}

async function startDemoBridge(settings: Settings): Promise<string> {
  const bridge = await startBridge(settings, createLog(settings.LOG_LEVEL), fail);
  started.push(() => bridge.stop(0));
  return bridge.url;
}

async function newToken(url: string, adminKey: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/feeders/${FEEDER_ID}/token`, { method: 'POST', headers: { Authorization: `Bearer ${adminKey}` } });
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
