import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { FeederId } from '../topics/identifiers.ts';
import { endpointName, type Endpoint } from './modbus/endpoint.ts';
import { firstShared } from './plc/shared-registers.ts';
import { loadRegisterMap, type LoadedMap, type RegisterMap } from './plc/register-map.ts';
import { readYamlFile, type FileProblem, type LocatedProblem } from './yaml-file.ts';

const Secret = z.union([z.string().min(1), z.strictObject({ env: z.string().min(1) }), z.strictObject({ file: z.string().min(1) })], {
  error: 'expected a token, { env: NAME } or { file: path }',
});

const timeoutMs = z.int().min(50).max(60_000).default(1000);
const unitId = (min: number, max: number) => {
  const error = `expected a unit id from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error).default(1);
};

const PlcAddress = z.union(
  [
    z.strictObject({
      // Names of hosts are the same in either case.
      host: z.string().min(1).toLowerCase(),
      port: z.int().min(1).max(65_535).default(502),
      unitId: unitId(0, 255),
      timeoutMs,
    }),
    z.strictObject({
      serial: z.string().min(1),
      baudRate: z.int().min(300).max(1_000_000).default(9600),
      dataBits: z.union([z.literal(7), z.literal(8)]).default(8),
      parity: z.enum(['none', 'even', 'odd']).default('none'),
      stopBits: z.union([z.literal(1), z.literal(2)]).default(1),
      // On a serial line 0 is a broadcast, which nobody answers.
      unitId: unitId(1, 247),
      timeoutMs,
    }),
  ],
  { error: 'expected { host, port, unitId, timeoutMs } or { serial, baudRate, dataBits, parity, stopBits, unitId, timeoutMs }' },
);

const Feeder = z.strictObject({
  feederId: FeederId,
  token: Secret,
  plc: PlcAddress,
  registerMap: z.string().min(1),
  pollSeconds: z.number().min(0.05).max(3600).default(2),
});

/** What keeps a feeder from being served beside those named before it. */
function conflicts({ feederId, plc }: z.infer<typeof Feeder>, earlier: readonly z.infer<typeof Feeder>[]): LocatedProblem[] {
  const problems: LocatedProblem[] = [];
  if (earlier.some((other) => other.feederId === feederId)) {
    problems.push({ path: ['feederId'], message: `expected each feeder once, but ${feederId} is there twice` });
  }
  const where = endpointName(plc);
  const neighbours = earlier.filter((other) => endpointName(other.plc) === where);
  const [first] = neighbours;
  if (!first) return problems;
  const own = new Map<string, unknown>(Object.entries(plc));
  for (const [option, value] of Object.entries(first.plc)) {
    if (option === 'unitId' || own.get(option) === value) continue;
    problems.push({ path: ['plc', option], message: `expected ${value}, as ${first.feederId} has it: both share ${where}` });
  }
  return problems;
}

/** What records that the bridge has not stored may take; `maxMegabytes` in all, of which each feeder has an equal share. */
const Spool = z.strictObject({
  maxDays: z.int().min(1).max(3650).default(30),
  maxMegabytes: z.int().min(1).max(100_000).default(256),
});

const AgentFile = z.strictObject({
  bridge: z.url({ protocol: /^wss?$/, error: 'expected a URL such as wss://bridge.example/mqtt' }),
  dataDir: z.string().min(1).default('./agent-data'),
  heartbeatSeconds: z.number().min(0.1).max(3600).default(20),
  spool: Spool.default(Spool.parse({})),
  feeders: z
    .array(Feeder)
    .min(1, 'expected at least one feeder')
    .superRefine((feeders, context) => {
      for (const [index, feeder] of feeders.entries()) {
        for (const { path, message } of conflicts(feeder, feeders.slice(0, index))) {
          context.addIssue({ code: 'custom', path: [index, ...path], message });
        }
      }
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
export type AgentSettings = {
  bridgeUrl: string;
  dataDir: string;
  heartbeatSeconds: number;
  spool: { maxDays: number; maxMegabytes: number };
  feeders: FeederSettings[];
};

export type LoadedSettings = { ok: true; settings: AgentSettings } | { ok: false; problems: FileProblem[] };

/** What of a file with mistakes can still be looked into: the maps and tokens it names. */
const Outline = z.object({
  feeders: z.array(
    z
      .object({ registerMap: z.string().min(1).optional().catch(undefined), token: Secret.optional().catch(undefined) })
      .catch({}),
  ),
});

/** Reads agent.yaml and the register maps it names; every mistake in any of them is told at once. */
export async function loadSettings(file: string): Promise<LoadedSettings> {
  const read = await readYamlFile(file, AgentFile);
  const outline = read.ok ? read : await readYamlFile(file, Outline);
  if (!outline.ok) return read.ok ? outline : read;
  const named = outline.value.feeders;
  const pathOf = (registerMap: string) => resolve(dirname(file), registerMap);
  const maps = new Map<string, LoadedMap>();
  for (const { registerMap } of named) {
    if (registerMap !== undefined) maps.set(pathOf(registerMap), await loadRegisterMap(pathOf(registerMap)));
  }
  const secrets = await Promise.all(named.map(async ({ token }) => (token === undefined ? undefined : lookUp(token, dirname(file)))));

  const problems = read.ok ? [] : [...read.problems];
  for (const [index, secret] of secrets.entries()) {
    if (secret?.ok !== false) continue;
    problems.push({ file, line: outline.lineOf(['feeders', index, 'token']), path: `feeders.${index}.token`, message: secret.problem });
  }
  for (const map of maps.values()) if (!map.ok) problems.push(...map.problems);
  if (!read.ok || problems.length > 0) return { ok: false, problems };

  const { bridge, heartbeatSeconds, spool } = read.value;
  const dataDir = resolve(dirname(file), read.value.dataDir);
  const feeders = read.value.feeders.flatMap(({ feederId, registerMap, plc: { unitId, ...endpoint }, pollSeconds }, index): FeederSettings[] => {
    const [map, secret] = [maps.get(pathOf(registerMap)), secrets[index]];
    if (!map?.ok || !secret?.ok) return [];
    return [{ feederId, token: secret.value, endpoint, unitId, registerMap: map.map, registerMapSha256: map.sha256, pollSeconds }];
  });
  const sharing = sharedPlcs(feeders).map(({ index, message }) => {
    const path = ['feeders', index, 'plc'];
    return { file, line: read.lineOf(path), path: path.join('.'), message };
  });
  if (sharing.length > 0) return { ok: false, problems: sharing };
  return { ok: true, settings: { bridgeUrl: bridge, dataDir, heartbeatSeconds, spool, feeders } };
}

/** Feeders that would act on the registers of one before them: each would take the other's doses for its own. */
function sharedPlcs(feeders: readonly FeederSettings[]): { index: number; message: string }[] {
  return feeders.flatMap(({ endpoint, unitId, registerMap }, index) => {
    const where = endpointName(endpoint);
    const neighbours = feeders.slice(0, index).filter((other) => other.unitId === unitId && endpointName(other.endpoint) === where);
    return neighbours.flatMap(({ feederId, registerMap: other }) => {
      const shared = firstShared(registerMap, other);
      if (!shared) return [];
      const { name, table, address } = shared;
      return [{ index, message: `expected a PLC or registers of its own: ${feederId} has ${name} (${table} ${address}) of unit ${unitId} at ${where}` }];
    });
  });
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
