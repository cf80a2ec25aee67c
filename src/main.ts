import { setTimeout as delay } from 'node:timers/promises';
import { createLog, type Log } from '../machine/log.ts';
import { stopOnSignal } from '../machine/stop-signals.ts';
import { startBridge, type Bridge } from './bridge.ts';
import { hostInUrl } from './host-in-url.ts';
import { settingsFromEnvironment, type Settings } from './settings.ts';

/** Exit codes: 1 for what may pass (ports, stores), 2 for what someone must set right. */
const FAILED = 1;
const BAD_SETTINGS = 2;

/** How long changes under way may take when the bridge stops. */
const FINISH_WITHIN_MS = 5_000;
/** Service managers kill what is not gone after 10 s; what hangs then would never be told. */
const STOP_WITHIN_MS = 9_500;

/** 128 random bits in base64. */
const SAFE_KEY_LENGTH = 22;

const parsed = settingsFromEnvironment();
if (parsed.ok) {
  const log = createLog(parsed.settings.LOG_LEVEL);
  process.on('uncaughtException', (error) => die(log, error));
  process.on('unhandledRejection', (error) => die(log, error));
  run(parsed.settings, log).catch((error: unknown) => die(log, error));
} else {
  for (const problem of parsed.problems) console.error(`bad setting: ${problem}`);
  process.exitCode = BAD_SETTINGS;
}

async function run(settings: Settings, log: Log): Promise<void> {
  if ((settings.ADMIN_KEY?.length ?? SAFE_KEY_LENGTH) < SAFE_KEY_LENGTH) log.warn('ADMIN_KEY is short enough to be guessed');
  let started: Bridge | undefined;
  // While it starts there is nothing to finish, and its store is as safe as from a crash.
  const stop = async (): Promise<void> => within(STOP_WITHIN_MS, started?.stop(FINISH_WITHIN_MS));
  stopOnSignal(stop, (error) => log.error({ err: error }, 'the bridge did not stop cleanly'));
  // Whatever else a hangup would do: it must not end the bridge.
  process.on('SIGHUP', () => started?.renewCertificate());
  const bridge = (started = await startBridge(settings, log, (reason) => die(log, reason)));
  console.log(`bridge listening on ${bridge.url} (MQTT over WebSocket at ${bridge.url.replace('http', 'ws')}/mqtt)`);
  if (bridge.mqttPort !== undefined) {
    console.log(`${settings.TLS_CERT_FILE === undefined ? 'plain MQTT' : 'MQTT with TLS'} on ${hostInUrl(settings.HOST)}:${bridge.mqttPort}`);
  }
  if (bridge.newAdminKey !== undefined) {
    console.log(`admin key (shown once, keep it): ${bridge.newAdminKey}`);
  }
}

/** Rejects when `work` takes longer. */
async function within(ms: number, work: Promise<void> | undefined): Promise<void> {
  const late = delay(ms).then(() => {
    throw new Error(`expected the bridge to stop within ${ms} ms`);
  });
  await Promise.race([work, late]);
}

function die(log: Log, error: unknown): never {
  log.fatal({ err: error }, 'the bridge cannot go on');
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(FAILED);
}
