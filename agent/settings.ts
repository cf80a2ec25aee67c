import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { FeederId } from '../topics/identifiers.ts';
import type { Endpoint } from './modbus/connection.ts';
import { loadRegisterMap, type RegisterMap } from './plc/register-map.ts';
import { readYamlFile, type FileProblem } from './yaml-file.ts';

const Secret = z.union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'expected a token, { env: NAME } or { file: path }',
});

const timeoutMs = z.int().min(50).max(60_000).default(1000);
const unitId = z.int().min(0).max(255).default(1);

const PlcAddress = z.union(
  [
    z.strictObject({ host: z.string().min(1), port: z.int().min(1).max(65_535).default(502), unitId, timeoutMs }),
    z.strictObject({
      serial: z.string().min(1),
      baudRate: z.int().min(300).max(1_000_000).default(9600),
      dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
      parity: z.enum(['none', 'even', 'odd']).default('none'),
      stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
      unitId,
      timeoutMs,
    }),
  ],
  { error: 'expected { host, port, unitId, timeoutMs } or { serial, baudRate, dataBits, parity, stopBits, unitId, timeoutMs }' },
);

const AgentFile = z.strictObject({
  bridge: z.url({ protocol: /^wss?$/, error: 'expected a URL such as wss://bridge.example/mqtt' }),
  dataDir: z.string().min(1).default('./agent-data'),
  heartbeatSeconds: z.number().min(0.1).max(3600).default(20),
  feeders: z
    .array(
      z.strictObject({
        feederId: FeederId,
        token: Secret,
        plc: PlcAddress,
        registerMap: z.string().min(1),
        pollSeconds: z.number().min(0.05).max(3600).default(2),
      }),
    )
    .min(1, 'expected at least one feeder')
    .superRefine((feeders, context) => {
      feeders.forEach(({ feederId }, index) => {
        if (feeders.findIndex((other) => other.feederId === feederId) === index) return;
        context.addIssue({ code: 'custom', path: [index, 'feederId'], message: `expected each feeder once, but ${feederId} is there twice` });
      });
    }),
});

export type FeederSettings = {
  feederId: string;
  token: string;
  endpoint: Endpoint;
  unitId: number;
  registerMap: RegisterMap;
  registerMapSha256: string;
  pollSeconds: number;
};

/** The agent's settings, with every file they name read and every secret looked up. */
export type AgentSettings = { bridgeUrl: string; heartbeatSeconds: number; feeders: FeederSettings[] };

export type LoadedSettings = { ok: true; settings: AgentSettings } | { ok: false; problems: FileProblem[] };

/** Reads agent.yaml and the register maps it names; every mistake in any of them is told at once. */
export async function loadSettings(file: string): Promise<LoadedSettings> {
  const read = await readYamlFile(file, AgentFile);
  if (!read.ok) return read;
  const problems: FileProblem[] = [];
  const feeders: FeederSettings[] = [];
  for (const [index, { feederId, token, plc, registerMap, pollSeconds }] of read.value.feeders.entries()) {
    const map = await loadRegisterMap(resolve(dirname(file), registerMap));
    const secret = await lookUp(token, dirname(file));
    if (!map.ok) problems.push(...map.problems);
    if (!secret.ok) {
      problems.push({ file, line: read.lineOf(['feeders', index, 'token']), path: `feeders.${index}.token`, message: secret.problem });
    }
    if (!map.ok || !secret.ok) continue;
    const { unitId, ...endpoint } = plc;
    feeders.push({
      feederId,
      token: secret.value,
      endpoint,
      unitId,
      registerMap: map.map,
      registerMapSha256: map.sha256,
      pollSeconds,
    });
  }
  if (problems.length > 0) return { ok: false, problems };
  const { bridge, heartbeatSeconds } = read.value;
  return { ok: true, settings: { bridgeUrl: bridge, heartbeatSeconds, feeders } };
}

type LookedUp = { ok: true; value: string } | { ok: false; problem: string };

async function lookUp(secret: z.infer<typeof Secret>, directory: string): Promise<LookedUp> {
  if (typeof secret === 'string') return { ok: true, value: secret };
  if ('env' in secret) {
    const value = process.env[secret.env];
    return value ? { ok: true, value } : { ok: false, problem: `expected the environment variable ${secret.env} to hold the token` };
  }
  const path = resolve(directory, secret.file);
  try {
    const value = (await readFile(path, 'utf8')).trim();
    return value ? { ok: true, value } : { ok: false, problem: `expected the token in ${path}, but the file is empty` };
  } catch (error) {
    return { ok: false, problem: `expected the token in ${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
