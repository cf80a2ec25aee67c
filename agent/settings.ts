import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { AgentFile, CaFile, Secret } from './agent-file.ts';
import { readCertificates } from './bridge-trust.ts';
import { FeederToken, type LookedUp } from './feeder-token.ts';
import { endpointName, type Endpoint } from './modbus/endpoint.ts';
import { firstShared } from './plc/shared-registers.ts';
import { loadRegisterMap, type LoadedMap, type RegisterMap } from './plc/register-map.ts';
import { readYamlFile, type FileProblem } from './yaml-file.ts';

export type FeederSettings = {
  feederId: string;
  token: FeederToken;
  endpoint: Endpoint;
  unitId: number;
  registerMap: RegisterMap;
  registerMapSha256: string;
  pollSeconds: number;
};

/** The agent's settings, with every file they name read and every secret looked up. */
export type AgentSettings = {
  bridgeUrl: string;
  /** The certificates of the CAs that may vouch for the bridge, in PEM; undefined: those that everybody trusts. */
  ca: string | undefined;
  dataDir: string;
  heartbeatSeconds: number;
  spool: { maxDays: number; maxMegabytes: number };
  feeders: FeederSettings[];
};

export type LoadedSettings = { ok: true; settings: AgentSettings } | { ok: false; problems: FileProblem[] };

/** What of a file with mistakes can still be looked into: the maps, tokens and certificates it names. */
const Outline = z.object({
  caFile: CaFile.catch(undefined),
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

  const { caFile } = outline.value;
  const certificates = caFile === undefined ? undefined : await readCertificates(resolve(dirname(file), caFile));

  const problems = read.ok ? [] : [...read.problems];
  if (certificates?.ok === false) problems.push({ file, line: outline.lineOf(['caFile']), path: 'caFile', message: certificates.problem });
  for (const [index, secret] of secrets.entries()) {
    if (secret?.ok !== false) continue;
    problems.push({ file, line: outline.lineOf(['feeders', index, 'token']), path: `feeders.${index}.token`, message: secret.problem });
  }
  for (const map of maps.values()) if (!map.ok) problems.push(...map.problems);
  if (!read.ok || problems.length > 0) return { ok: false, problems };

  const { bridge, heartbeatSeconds, spool } = read.value;
  const dataDir = resolve(dirname(file), read.value.dataDir);
  const feeders = read.value.feeders.flatMap(({ feederId, token: source, registerMap, plc: { unitId, ...endpoint }, pollSeconds }, index): FeederSettings[] => {
    const [map, secret] = [maps.get(pathOf(registerMap)), secrets[index]];
    if (!map?.ok || !secret?.ok) return [];
    const token = new FeederToken(secret.value, () => lookUp(source, dirname(file)));
    return [{ feederId, token, endpoint, unitId, registerMap: map.map, registerMapSha256: map.sha256, pollSeconds }];
  });
  const sharing = sharedPlcs(feeders).map(({ index, message }) => {
    const path = ['feeders', index, 'plc'];
    return { file, line: read.lineOf(path), path: path.join('.'), message };
  });
  if (sharing.length > 0) return { ok: false, problems: sharing };
  return { ok: true, settings: { bridgeUrl: bridge, ca: certificates?.ok ? certificates.pem : undefined, dataDir, heartbeatSeconds, spool, feeders } };
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
