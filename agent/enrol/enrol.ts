import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { FeederId } from '../../topics/identifiers.ts';
import { BridgeUrl, CaFile, Secret } from '../agent-file.ts';
import { claimsUrl, isSentInClear } from '../bridge-address.ts';
import { readCertificates } from '../bridge-trust.ts';
import { formatProblems, readYamlFile } from '../yaml-file.ts';
import { claim } from './claim.ts';
import { TokenFile } from './token-file.ts';

/** What of agent.yaml a claim is about; the rest may be wrong or missing yet. */
const Outline = z.object({
  bridge: BridgeUrl,
  caFile: CaFile,
  feeders: z.array(z.object({ feederId: FeederId, token: Secret })).min(1, 'expected at least one feeder'),
});

const Address = z.url({ protocol: /^(https?|wss?)$/ });

const USAGE = 'usage: npm run agent -- enrol --code CODE [--bridge https://bridge.example] [--config agent.yaml]';

/** It cannot be gone on with; the message says what to do. `isUsage`: the command line or agent.yaml is to blame. */
class CannotEnrol extends Error {
  readonly isUsage: boolean;

  constructor(message: string, isUsage = false) {
    super(message);
    this.isUsage = isUsage;
  }
}

const badUsage = (message: string): CannotEnrol => new CannotEnrol(message, true);

/**
 * Fetches a token with a claim code, and puts it where agent.yaml expects it. Resolves with the exit code: 0, 1 where the
 * claim failed, 2 where the command line or agent.yaml is to blame. Nothing is claimed before the token can surely be put there.
 */
export async function enrol(args: string[]): Promise<0 | 1 | 2> {
  try {
    await fetchToken(optionsFrom(args));
    return 0;
  } catch (error) {
    if (!(error instanceof CannotEnrol)) throw error;
    console.error(error.message);
    return error.isUsage ? 2 : 1;
  }
}

type Options = { code: string; bridge?: string | undefined; config: string };

function optionsFrom(args: string[]): Options {
  try {
    const options = { code: { type: 'string' }, bridge: { type: 'string' }, config: { type: 'string', default: 'agent.yaml' } } as const;
    const { code, bridge, config } = parseArgs({ args, options }).values;
    if (code === undefined) throw badUsage(USAGE);
    return { code, bridge, config };
  } catch (error) {
    throw error instanceof CannotEnrol ? error : badUsage(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function fetchToken({ code, bridge, config }: Options): Promise<void> {
  const read = await readYamlFile(config, Outline);
  if (!read.ok) throw badUsage(formatProblems(read.problems));
  const { caFile, feeders } = read.value;
  const beside = (path: string): string => resolve(dirname(config), path);

  const address = bridge ?? read.value.bridge;
  if (!Address.safeParse(address).success) throw badUsage(`--bridge: expected an address such as https://bridge.example\n${USAGE}`);
  if (isSentInClear(address)) {
    throw badUsage(`${address}: expected https:// or wss://, for the token would go in the clear, and anybody between could read and use it`);
  }
  const certificates = caFile === undefined ? undefined : await readCertificates(beside(caFile));
  if (certificates?.ok === false) throw badUsage(`${config}:${read.lineOf(['caFile'])}: caFile: ${certificates.problem}`);

  const paths = new Map<string, string>();
  for (const { feederId, token } of feeders) {
    if (typeof token === 'object' && 'file' in token) paths.set(feederId, beside(token.file));
  }
  if (paths.size === 0) throw badUsage(`${config}: expected a feeder with "token: { file: path }", for the token to be put there`);
  if (new Set(paths.values()).size < paths.size) throw badUsage(`${config}: expected a token file for each feeder alone`);

  const files = await prepareAll(paths);
  try {
    await claimInto(files, claimsUrl(address), certificates?.pem, code);
  } finally {
    for (const file of files.values()) await file.discard();
  }
}

async function prepareAll(paths: ReadonlyMap<string, string>): Promise<Map<string, TokenFile>> {
  const files = new Map<string, TokenFile>();
  for (const [feederId, path] of paths) {
    try {
      files.set(feederId, await TokenFile.prepare(path));
    } catch (error) {
      for (const file of files.values()) await file.discard();
      throw new CannotEnrol(`The token of ${feederId} could not be put into ${path}: ${messageOf(error)}. The code was not used.`);
    }
  }
  return files;
}

async function claimInto(files: ReadonlyMap<string, TokenFile>, url: string, ca: string | undefined, code: string): Promise<void> {
  const claimed = await claim(url, ca, code, [...files.keys()]);
  switch (claimed.kind) {
    case 'unsent':
      throw new CannotEnrol(`The bridge at ${url} was not reached, and the code was not used: ${claimed.why}`);
    case 'refused':
      throw new CannotEnrol(`The bridge at ${url} gave no token: ${claimed.why}`);
    case 'unknown':
      throw new CannotEnrol(
        `The bridge at ${url} may have taken the code, but no token came: ${claimed.why}\nTry again; if it refuses the code then, have a new one made.`,
      );
    case 'token':
  }
  const { feederId, token, previousTokenUntil } = claimed;
  const file = files.get(feederId);
  try {
    if (file === undefined) throw new Error(`the bridge answered for ${feederId}, which was not asked for`);
    await file.put(token);
  } catch (error) {
    throw new CannotEnrol(`The code is used up, but its token could not be kept: ${messageOf(error)}. Have a new code made.`);
  }
  console.log(`The new token of ${feederId} is in ${file.path}, which only this user can read.`);
  const until = previousTokenUntil === null ? '' : ` An older token is good until then, and until ${previousTokenUntil} at most.`;
  console.log('Now start the agent as this user.');
  console.log(`No restart is needed where it already runs with this agent.yaml: it comes in with the new token on its next connection.${until}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
