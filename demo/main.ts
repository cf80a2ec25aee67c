import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../machine/log.ts';
import { stopOnSignal } from '../machine/stop-signals.ts';
import { startBridge } from '../src/bridge.ts';
import { newSecret } from '../src/secrets.ts';
import { parseSettings, type Settings } from '../src/settings.ts';
import { startFarmAgent, type ServedFeeder } from './farm-agent.ts';
import { makeUpPast } from './farm-past.ts';
import { loadReferenceMap, startPlcs } from './farm-plcs.ts';
import { FEEDERS, PRESENT_FEEDERS } from './farm.ts';
import { Rest } from './rest.ts';
import { welcome } from './welcome.ts';

// The whole system on this machine: the simulated PLCs of a farm on real Modbus TCP, the bridge on embedded stores with the
// history of a week, and an agent between them. It keeps nothing: its data goes when it stops.

const DAYS_BEFORE = 7;
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const USUAL_PORT = 3000;

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
  const registerMap = await loadReferenceMap();
  console.log(`making up the last ${DAYS_BEFORE} days of ${FEEDERS.length} feeders …`);
  const { RETENTION_DAYS: retentionDays } = settings;
  const lives = await makeUpPast({ dataDir, retentionDays, days: DAYS_BEFORE, timeZone: TIME_ZONE, registerMap, onLost: fail });
  const plcPorts = new Map<string, number>();
  await startPlcs(registerMap, lives, TIME_ZONE, (feederId, plc) => {
    started.push(() => plc.stop());
    plcPorts.set(feederId, plc.port);
  });

  const bridge = await startBridge(settings, createLog(settings.LOG_LEVEL), fail);
  started.push(() => bridge.stop(0));
  const { url } = bridge;
  const rest = new Rest(url, adminKey);
  const served: ServedFeeder[] = [];
  for (const [feederId, plcPort] of plcPorts) served.push({ feederId, plcPort, token: await rest.newToken(feederId) });
  const agent = await startFarmAgent(dataDir, url, served);
  started.push(() => agent.stop());
  await rest.untilThere(PRESENT_FEEDERS.map(({ feederId }) => feederId));
  console.log(welcome({ url, adminKey, signInCode: await rest.newSignInCode(), plcPorts, days: DAYS_BEFORE, nowMs: Date.now() }));
}

async function demoSettings(dataDir: string, adminKey: string): Promise<Settings> {
  const port = process.env['PORT'] ?? String((await isFree(USUAL_PORT)) ? USUAL_PORT : 0);
  const parsed = parseSettings({ PORT: port, MQTT_PORT: process.env['MQTT_PORT'], DATA_DIR: dataDir, ADMIN_KEY: adminKey, LOG_LEVEL: 'error' });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
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
