import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { seedOf } from '../../machine/chance.ts';
import { fuzzMqtt, type MqttTarget } from './mqtt.ts';
import { fuzzRest } from './rest.ts';

const USAGE = `npm run fuzz -- [--seconds N] [--seed N]   fuzzes MQTT and REST by turns, for N seconds (60), from seed N (by chance)`;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const ROUND_MS = 10_000;
const READY_WITHIN_MS = 120_000;
/** The embedded Postgres takes most of it, at its start above all. */
const MOST_RSS_BYTES = 1.5 * 1024 * 1024 * 1024;

const Settings = z.object({
  seconds: z.coerce.number().min(1).default(60),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(randomBytes(4).readUInt32BE()),
});

function readSettings(): z.infer<typeof Settings> {
  try {
    const options = { seconds: { type: 'string' }, seed: { type: 'string' } } as const;
    return Settings.parse({ ...parseArgs({ options }).values });
  } catch (error) {
    console.error(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

type Victim = { target: MqttTarget; child: ChildProcess; ended: Promise<number | null> };

/** A bridge in a process of its own, on a store of its own. */
async function startVictim(dataDir: string): Promise<Victim> {
  const key = randomBytes(32).toString('base64url');
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, PORT: '0', MQTT_PORT: '0', ADMIN_KEY: key, LOG_LEVEL: 'fatal' };
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const found: { url?: string | undefined; mqttPort?: string | undefined } = {};
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<MqttTarget>((resolve) => {
    lines.on('line', (line) => {
      found.url ??= /listening on (http:\S+)/.exec(line)?.[1];
      found.mqttPort ??= /plain MQTT on \S+:(\d+)/.exec(line)?.[1];
      if (found.url !== undefined && found.mqttPort !== undefined) resolve({ url: found.url, mqttUrl: `mqtt://127.0.0.1:${found.mqttPort}`, key });
    });
  });
  const late = AbortSignal.timeout(READY_WITHIN_MS);
  const tooLate = new Promise<never>((_, reject) => late.addEventListener('abort', () => reject(new Error('the bridge was not ready in time'))));
  const target = await Promise.race([ready, tooLate, ended.then((code) => Promise.reject(new Error(`the bridge ended with ${code} at its start`)))]);
  return { target, child, ended };
}

async function rssBytes({ url, key }: MqttTarget): Promise<number> {
  const answer = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${key}` } });
  return Number(/^process_resident_memory_bytes (\S+)$/m.exec(await answer.text())?.[1]);
}

async function fuzz({ target, ended }: Victim, seed: number, untilMs: number): Promise<void> {
  const died = ended.then((code) => Promise.reject(new Error(`the bridge ended with ${code}`)));
  for (let round = 0; Date.now() < untilMs; round += 1) {
    const length = { seed: seedOf(seed, round), untilMs: Math.min(untilMs, Date.now() + ROUND_MS) };
    const done = await Promise.race([round % 2 === 0 ? fuzzMqtt(target, length) : fuzzRest(target, length), died]);
    const rss = await rssBytes(target);
    console.log(`${round % 2 === 0 ? 'MQTT' : 'REST'}, seed ${length.seed}: ${JSON.stringify(done)}, ${Math.round(rss / 1024 / 1024)} MiB resident`);
    if (!(rss < MOST_RSS_BYTES)) throw new Error(`the bridge takes ${rss} bytes`);
  }
}

const { seconds, seed } = readSettings();
console.log(`seed ${seed}, ${seconds} s`);
const dataDir = await mkdtemp(join(tmpdir(), 'feederbridge-fuzz-'));
let victim: Victim | undefined;
try {
  victim = await startVictim(dataDir);
  await fuzz(victim, seed, Date.now() + seconds * 1000);
  victim.child.kill('SIGTERM');
  const code = await victim.ended;
  if (code !== 0) throw new Error(`the bridge ended with ${code} when it was told to stop`);
  console.log('nothing found');
} catch (error) {
  console.error(error);
  console.error(`\nonce more: npm run fuzz -- --seconds ${seconds} --seed ${seed}`);
  process.exitCode = 1;
} finally {
  victim?.child.kill('SIGKILL');
  await victim?.ended;
  await rm(dataDir, { recursive: true, force: true });
}
