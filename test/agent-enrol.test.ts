import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { createLog } from '../machine/log.ts';
import { startAgent } from '../agent/agent.ts';
import { enrol } from '../agent/enrol/enrol.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { loadSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import { eventually, openTestBridge } from './support/bridge.ts';
import { connectAgent, readFeeder } from './support/live-feeder.ts';
import { memoryLog } from './support/memory-log.ts';
import { program } from './support/program.ts';
import { problemIn } from './support/rest-shapes.ts';
import { ScriptedAgent } from './support/scripted-agent.ts';
import { readMap, REFERENCE_MAP } from './support/whole-system.ts';

const bridge = await openTestBridge();
afterAll(() => bridge.dispose());

const CODE = '7KQ2-M0XN-3T9A-ZD5R';
let folder: string;
let config: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-enrol-'));
  config = join(folder, 'agent.yaml');
  return () => rm(folder, { recursive: true });
});

const feeder = (feederId: string, token: unknown, port = 1) => ({
  feederId, token, plc: { host: '127.0.0.1', port, timeoutMs: 200 }, registerMap: REFERENCE_MAP, pollSeconds: 0.1,
});
const writeConfig = (...feeders: unknown[]): Promise<void> => writeFile(config, JSON.stringify({ bridge: bridge.wsUrl, heartbeatSeconds: 0.3, feeders }));
const codeFor = async (feederId: string): Promise<string> =>
  z.object({ code: z.string() }).parse((await bridge.rest('POST', `/feeders/${feederId}/claim-code`)).body).code;
const claims = (code: string): Promise<number> => bridge.rest('POST', '/claims', { body: { code }, headers: { Authorization: '' } }).then(({ status }) => status);

const closeOf = ({ client }: ScriptedAgent): Promise<void> => new Promise((resolve) => void client.once('close', () => resolve()));

/** Runs `enrol` here; tells its exit code and what it printed. */
async function run(...args: string[]): Promise<{ exitCode: number; said: string }> {
  const lines: string[] = [];
  const take = (line: string): void => void lines.push(line);
  const spies = [vi.spyOn(console, 'log').mockImplementation(take), vi.spyOn(console, 'error').mockImplementation(take)];
  const exitCode = await enrol(['--config', config, ...args]);
  for (const spy of spies) spy.mockRestore();
  return { exitCode, said: lines.join('\n') };
}

/** The same by way of the command line. */
async function runProcess(args: string[]): Promise<{ exitCode: number; said: string }> {
  const child = spawn(process.execPath, [...program('agent/main.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => void child.once('close', (code) => resolve({ exitCode: code ?? -1, said })));
}

test('an installer with a code and agent.yaml gets a feeder online, and nobody sees its token', async () => {
  const first = await bridge.enrol('pond-1');
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  onTestFinished(() => plc.stop());
  const tokenFile = join(folder, 'secrets', 'pond-1.token');
  await writeConfig(feeder('pond-1', { file: './secrets/pond-1.token' }, plc.port));
  const code = await codeFor('pond-1');

  const { exitCode, said } = await runProcess(['enrol', '--config', config, '--bridge', bridge.url, '--code', ` ${code.toLowerCase().replaceAll('-', ' ')}`]);
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  const token = (await readFile(tokenFile, 'utf8')).trim();
  expect(token).not.toBe(first);
  expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, 'secrets'))).toEqual(['pond-1.token']);
  expect(said).toContain(tokenFile);
  expect(said).toContain('start the agent');
  expect(said).not.toContain(token);
  expect(await claims(code)).toBe(401);

  const loaded = await loadSettings(config);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const agent = await startAgent(loaded.settings, createLog('silent'));
  onTestFinished(() => agent.stop());
  await eventually(async () => ((await readFeeder(bridge, 'pond-1')).presence === 'online' ? true : undefined));
  // It was used, so the first one is good no more, overlap or not.
  await expect(ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'pond-1', token: first })).rejects.toThrow();
});

test('a running agent goes on with its last token while its file is gone, and comes in with the new one without a restart', async () => {
  const file = join(folder, 'token');
  const rotate = (overlapSeconds: number) => bridge.rest('POST', `/feeders/pond-10/token?overlapSeconds=${overlapSeconds}`);
  await writeFile(file, await bridge.enrol('pond-10'));
  await writeFile(config, JSON.stringify({ bridge: bridge.wsUrl, heartbeatSeconds: 0.1, feeders: [feeder('pond-10', { file: 'token' })] }));
  const loaded = await loadSettings(config);
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  const { log, lines } = memoryLog();
  const agent = await startAgent(loaded.settings, log);
  onTestFinished(() => agent.stop());
  const toldOf = (part: string) => lines.filter(({ msg }) => msg.includes(part)).map(({ level, msg, why }) => ({ level, msg, why }));
  const connected = (times: number) => expect.poll(() => toldOf('link: connected').length, { timeout: 5_000 }).toBe(times);
  await connected(1);

  await rm(file);
  await rotate(60);
  await connected(2);

  // From now on only a token lets it in that it has never seen.
  await rotate(0);
  await expect.poll(() => toldOf('link: disconnected').length, { timeout: 5_000 }).toBe(3);
  const { exitCode, said } = await run('--code', await codeFor('pond-10'));
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  expect(said).toContain('No restart is needed');
  await connected(3);
  await eventually(async () => ((await readFeeder(bridge, 'pond-10')).presence === 'online' ? true : undefined));
  expect(toldOf('the token ')).toEqual([
    { level: 'warn', msg: 'the token cannot be read: the last one read goes on being used', why: expect.stringContaining(`expected the token in ${file}: ENOENT`) as unknown },
    { level: 'info', msg: 'the token can be read again', why: undefined },
  ]);
  expect(JSON.stringify(lines)).not.toContain((await readFile(file, 'utf8')).trim());
});

test('of several feeders the one that the code is for gets the token; the token of before works until then', async () => {
  const old = await bridge.enrol('pond-3');
  await writeFile(join(folder, 'p3'), old);
  await writeConfig(feeder('pond-2', { file: 'p2' }), feeder('pond-3', { file: 'p3' }), feeder('pond-4', 'in-the-file'));
  const { exitCode, said } = await run('--code', await codeFor('pond-3'));
  expect({ exitCode, said }).toMatchObject({ exitCode: 0 });
  expect(said).toMatch(/and until 20\S+Z at most/);
  const token = (await readFile(join(folder, 'p3'), 'utf8')).trim();
  expect((await readdir(folder)).sort()).toEqual(['agent.yaml', 'p3']);
  const before = await connectAgent(bridge, 'pond-3', old);
  const cut = closeOf(before);
  await connectAgent(bridge, 'pond-3', token);
  await cut;
});

test('a rotated token ends the session, lets its agent in again during the overlap, and then no more', async () => {
  const old = await bridge.enrol('pond-5');
  const agent = await connectAgent(bridge, 'pond-5', old);
  const cut = closeOf(agent);
  const { status } = await bridge.rest('POST', '/feeders/pond-5/token?overlapSeconds=1');
  expect(status).toBe(201);
  await cut;
  const again = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'pond-5', token: old });
  await closeOf(again);
  await expect(ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId: 'pond-5', token: old })).rejects.toThrow();
  for (const seconds of ['-1', '86401', '1.5', '1e3', '', 'x', '1&overlapSeconds=2']) {
    problemIn(await bridge.rest('POST', `/feeders/pond-5/token?overlapSeconds=${seconds}`), 400, 'malformed');
  }
});

describe('a code is not used up', () => {
  test.each([
    ['by an agent that does not serve its feeder', () => writeConfig(feeder('pond-7', { file: 'token' })), 'is for "pond-6"', 1],
    ['where the token file is a folder', () => writeConfig(feeder('pond-6', { file: '.' })), 'expected a regular file', 1],
    ['where the folder cannot be made', () => writeConfig(feeder('pond-6', { file: 'agent.yaml/token' })), 'could not be put', 1],
    ['where no token is in a file', () => writeConfig(feeder('pond-6', { env: 'TOKEN' })), 'token: { file: path }', 2],
    ['where two feeders have one file', () => writeConfig(feeder('pond-6', { file: 'token' }), feeder('pond-7', { file: './token' })), 'for each feeder alone', 2],
    ['where agent.yaml is not one', () => writeFile(config, 'feeders: []\n'), 'expected at least one feeder', 2],
    ['where the CA is none', () => writeFile(config, JSON.stringify({ bridge: bridge.wsUrl, caFile: 'agent.yaml', feeders: [feeder('pond-6', { file: 'x' })] })), ':1: caFile: expected certificates', 2],
  ])('%s', async (_where, prepare, message, code) => {
    if ((await bridge.rest('GET', '/feeders/pond-6')).status === 404) await bridge.enrol('pond-6');
    const claimCode = await codeFor('pond-6');
    await prepare();
    const { exitCode, said } = await run('--code', claimCode);
    expect(said).toContain(message);
    expect(exitCode).toBe(code);
    expect(await readdir(folder)).toEqual(['agent.yaml']);
    expect(await claims(claimCode)).toBe(201);
  });

  test.skipIf(process.getuid?.() === 0)('where the folder cannot be written', async () => {
    await mkdir(join(folder, 'kept'), { mode: 0o700 });
    await chmod(join(folder, 'kept'), 0o500);
    await writeConfig(feeder('pond-8', { file: 'kept/token' }));
    await bridge.enrol('pond-8');
    const claimCode = await codeFor('pond-8');
    expect(await run('--code', claimCode)).toMatchObject({ exitCode: 1 });
    expect(await claims(claimCode)).toBe(201);
  });
});

describe('what cannot be', () => {
  async function answering(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await writeConfig(feeder('pond-9', { file: 'token' }));
    await writeFile(join(folder, 'token'), 'the old one');
    const { port } = z.object({ port: z.int() }).parse(server.address());
    return `http://127.0.0.1:${port}`;
  }

  test.each<[string, RequestListener, string]>([
    ['a redirect', (_request, response) => response.writeHead(308, { Location: 'http://127.0.0.1:1/elsewhere' }).end(), 'points to http://127.0.0.1:1/elsewhere'],
    ['no answer', (request) => void request.socket.destroy(), 'may have taken the code'],
    ['an answer that breaks off', (request, response) => (response.writeHead(201, { 'Content-Length': 500 }).write('{'), void setImmediate(() => request.socket.destroy())), 'may have taken the code'],
    ['a page of somebody else', (_request, response) => response.end('<html>'), 'does not look like a bridge'],
    ['an endless answer', (_request, response) => response.writeHead(201).end(Buffer.alloc(200_000)), 'too long'],
    ['a token for another feeder', (_request, response) => response.writeHead(201).end(JSON.stringify({ feederId: 'pond-1', token: 'x'.repeat(43), previousTokenUntil: null })), 'was not asked for'],
    ['a token that is none', (_request, response) => response.writeHead(201).end(JSON.stringify({ feederId: 'pond-9', token: 'a\nb', previousTokenUntil: null })), 'no token came'],
    ['too many tries', (_request, response) => response.writeHead(429, { 'Retry-After': '7' }).end('{}'), 'Try again in 7 s'],
  ])('%s is told, and the old token stays', async (_what, listener, message) => {
    const url = await answering(listener);
    const { exitCode, said } = await run('--code', CODE, '--bridge', url);
    expect(said).toContain(message);
    expect(exitCode).toBe(1);
    expect(await readFile(join(folder, 'token'), 'utf8')).toBe('the old one');
    expect((await readdir(folder)).sort()).toEqual(['agent.yaml', 'token']);
  });

  test('a wrong code, and a bridge that is not there', async () => {
    await writeConfig(feeder('pond-9', { file: 'token' }));
    const wrong = await run('--code', CODE);
    expect(wrong).toMatchObject({ exitCode: 1 });
    expect(wrong.said).toContain('Expected a claim code that was not used yet');
    const away = await run('--code', CODE, '--bridge', 'http://127.0.0.1:1');
    expect(away).toMatchObject({ exitCode: 1 });
    expect(away.said).toContain('the code was not used: connect ECONNREFUSED');
  });

  test.each([
    [['--code', CODE, '--bridge', 'http://bridge.example'], 'in the clear'],
    [['--code', CODE, '--bridge', 'ws://10.0.0.1/mqtt'], 'in the clear'],
    [['--code', CODE, '--bridge', 'bridge.example'], '--bridge: expected an address'],
    [['--code', CODE, '--bridge', 'ftp://bridge.example'], '--bridge: expected an address'],
    [['--bridge', 'https://bridge.example'], 'usage:'],
    [['--code', CODE, '--cod', CODE], 'usage:'],
  ])('%j is refused before anything is sent', async (args, message) => {
    await writeConfig(feeder('pond-9', { file: 'token' }));
    const { exitCode, said } = await run(...args);
    expect(said).toContain(message);
    expect(exitCode).toBe(2);
  });
});
