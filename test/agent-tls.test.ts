import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { startAgent } from '../agent/agent.ts';
import { claimsUrl, isSentInClear } from '../agent/bridge-address.ts';
import { claim } from '../agent/enrol/claim.ts';
import { MqttSession } from '../agent/mqtt-session.ts';
import { loadSettings, type AgentSettings } from '../agent/settings.ts';
import { formatProblems } from '../agent/yaml-file.ts';
import { Authority, type Pair } from './support/certificates.ts';
import { REFERENCE_MAP } from './support/whole-system.ts';

const TOKEN = 'kingfisher-4711';
const CODE = '7KQ2-M0XN-3T9A-ZD5R';

let folder: string;
let authority: Authority;
let good: Pair;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-tls-'));
  authority = await Authority.make();
  good = await authority.leaf();
  await writeFile(join(folder, 'ca.pem'), authority.cert);
});
afterAll(() => rm(folder, { recursive: true }));
// What people set when certificates are in their way.
beforeAll(() => void vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0'));
afterAll(() => void vi.unstubAllEnvs());

type Listener = { port: number; heard: () => string; connections: () => number };

/** Listens on 127.0.0.1 and keeps all that it hears, decrypted where it speaks TLS. */
async function listen(server: Server, event: 'connection' | 'secureConnection'): Promise<Listener> {
  let heard = '';
  let connections = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.on(event, (socket: Socket) => {
    socket.on('error', () => undefined);
    // Sent back, so that what does not look like TLS is not waited for.
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  });
  return { port: z.object({ port: z.int() }).parse(server.address()).port, heard: () => heard, connections: () => connections };
}
const listenTls = (options: TlsOptions): Promise<Listener> => listen(createTlsServer(options), 'secureConnection');

/** Tries to open a session; rejects with the reason. */
const openSession = (url: string, ca: string | undefined): Promise<MqttSession> =>
  MqttSession.open({
    url, ca, feederId: 'pond-1', token: TOKEN, keepaliveSeconds: 20,
    will: { topic: 'feeder/pond-1/session', payload: '{}' },
    onMessage: () => undefined,
    stopping: new AbortController().signal,
  });

type Case = { server: () => Promise<TlsOptions>; ca?: () => Promise<string | undefined>; says: string };
const NOBODY = 'is from nobody whom this computer trusts';
const CASES: Record<string, Case> = {
  'from another CA': { server: () => Promise.resolve(good), ca: async () => (await Authority.make('another')).cert, says: NOBODY },
  'from a CA that calls itself by the same name': { server: () => Promise.resolve(good), ca: async () => (await Authority.make()).cert, says: NOBODY },
  'from a private CA that it was not told of': { server: () => Promise.resolve(good), ca: () => Promise.resolve(undefined), says: NOBODY },
  'for another host': { server: () => authority.leaf({ name: 'bridge.example' }), says: 'is for another host' },
  'that has expired': { server: () => authority.leaf({ fromDays: -9, toDays: -1 }), says: 'has expired' },
  'that is not valid yet': { server: () => authority.leaf({ fromDays: 1 }), says: 'is not valid yet' },
  'on TLS 1.1': {
    server: () => Promise.resolve({ ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    says: 'does not speak TLS there, or none that is new enough',
  },
};

describe('a bridge with a certificate', () => {
  test.each(Object.entries(CASES))('%s hears neither token nor claim code, and it is said why', async (_what, { server, ca, says }) => {
    const [options, trusted] = await Promise.all([server(), ca === undefined ? authority.cert : ca()]);
    const bridge = await listenTls(options);
    await expect(openSession(`wss://127.0.0.1:${bridge.port}/mqtt`, trusted)).rejects.toThrow(says);
    const claimed = await claim(`https://127.0.0.1:${bridge.port}/api/v1/claims`, trusted, CODE, ['pond-1']);
    expect(claimed).toEqual({ kind: 'unsent', why: expect.stringContaining(says) as string });
    expect(bridge.connections()).toBe(2);
    expect(bridge.heard()).toBe('');
  });

  test('that the CA vouches for is spoken to', async () => {
    const bridge = await listenTls(good);
    await expect(openSession(`wss://127.0.0.1:${bridge.port}/mqtt`, authority.cert)).rejects.toThrow('Unexpected server response: 400');
    expect(bridge.heard()).toContain('GET /mqtt HTTP/1.1');
    expect(await claim(`https://localhost:${bridge.port}/api/v1/claims`, authority.cert, CODE, ['pond-1'])).toMatchObject({ kind: 'refused' });
    expect(bridge.heard()).toContain(CODE);
  });
});

test('a bridge without TLS on that port hears neither, and is not tried in the clear', async () => {
  const bridge = await listen(createServer(), 'connection');
  await expect(openSession(`wss://127.0.0.1:${bridge.port}/mqtt`, authority.cert)).rejects.toThrow('does not speak TLS');
  expect(await claim(`https://127.0.0.1:${bridge.port}/api/v1/claims`, authority.cert, CODE, ['pond-1'])).toMatchObject({ kind: 'unsent' });
  expect(bridge.connections()).toBe(2);
  expect(bridge.heard()).not.toContain('GET ');
  expect(bridge.heard()).not.toContain(TOKEN);
  expect(bridge.heard()).not.toContain(CODE);
});

test('a bridge that points elsewhere is not followed', async () => {
  const elsewhere = await listen(createServer(), 'connection');
  const server = createTlsServer(good);
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ws://127.0.0.1:${elsewhere.port}/mqtt\r\nContent-Length: 0\r\n\r\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = z.object({ port: z.int() }).parse(server.address());
  await expect(openSession(`wss://127.0.0.1:${port}/mqtt`, authority.cert)).rejects.toThrow('Unexpected server response: 307');
  expect(await claim(`https://127.0.0.1:${port}/`, authority.cert, CODE, ['pond-1'])).toMatchObject({ kind: 'refused' });
  expect(elsewhere.connections()).toBe(0);
});

describe('the agent', () => {
  const endings: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0)) await end();
  });

  async function settings(bridge: string, more: object = {}): Promise<AgentSettings> {
    const file = join(folder, 'agent.yaml');
    const feeder = { feederId: 'pond-1', token: TOKEN, plc: { host: '127.0.0.1', port: 9, timeoutMs: 100 }, registerMap: REFERENCE_MAP };
    await writeFile(file, JSON.stringify({ bridge, feeders: [feeder], ...more }));
    const loaded = await loadSettings(file);
    return loaded.ok ? loaded.settings : expect.fail(formatProblems(loaded.problems));
  }

  const Line = z.looseObject({ level: z.int(), msg: z.string(), why: z.string().optional() });
  /** Runs the agent, and tells what it logged by then. */
  async function logOf(bridge: string, until: (lines: z.infer<typeof Line>[]) => boolean, more: object = {}): Promise<z.infer<typeof Line>[]> {
    const lines: z.infer<typeof Line>[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(Line.parse(JSON.parse(line))) });
    const agent = await startAgent(await settings(bridge, more), log);
    endings.push(() => agent.stop());
    await expect.poll(() => until(lines), { timeout: 5_000 }).toBe(true);
    return lines;
  }

  test('logs once for each try why it does not trust its bridge, and comes again', async () => {
    const bridge = await listenTls(await authority.leaf({ toDays: -0.5 }));
    const tries = (lines: z.infer<typeof Line>[]) => lines.filter(({ msg }) => msg === 'link: disconnected');
    const lines = await logOf(`wss://127.0.0.1:${bridge.port}/mqtt`, (all) => tries(all).length >= 2, { caFile: './ca.pem' });
    expect(new Set(tries(lines).map(({ why }) => why))).toEqual(new Set(["the bridge is not trusted: its certificate has expired, or this computer's clock is wrong (certificate has expired)"]));
    expect(bridge.connections()).toBe(tries(lines).length);
    expect(bridge.heard()).toBe('');
    expect(JSON.stringify(lines)).not.toContain(TOKEN);
  });

  test('warns at the start where its tokens go in the clear', async () => {
    const inClear = 'tokens go to the bridge in the clear';
    // 192.0.2.0/24 is nobody's.
    const lines = await logOf('ws://192.0.2.1:9/mqtt', (all) => all.some(({ msg }) => msg.startsWith(inClear)));
    expect(lines[0]).toMatchObject({ level: 40, bridge: 'ws://192.0.2.1:9/mqtt' });
    const secure = await logOf('ws://127.0.0.1:9/mqtt', (all) => all.some(({ msg }) => msg === 'link: disconnected'), { dataDir: './other' });
    expect(secure.filter(({ msg }) => msg.startsWith(inClear))).toEqual([]);
  });

  test.each([
    ['ca.key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', 'expected certificates in PEM'],
    ['ca.der', '\u0030\u0082', 'expected certificates in PEM'],
    ['broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', 'expected certificates in PEM'],
    ['missing.pem', undefined, 'ENOENT'],
  ])('does not start where caFile is %s', async (name, text, says) => {
    if (text !== undefined) await writeFile(join(folder, name), text);
    const file = join(folder, 'bad.yaml');
    await writeFile(file, `bridge: wss://bridge.example/mqtt\n\ncaFile: ./${name}\nfeeders: []\n`);
    const loaded = await loadSettings(file);
    const told = loaded.ok ? '' : formatProblems(loaded.problems);
    expect(told).toContain(`${file}:3: caFile: `);
    expect(told).toContain(says);
    expect(told).toContain(`${file}:4: feeders: `);
  });
});

test.each([
  ['ws://bridge.example/mqtt', true],
  ['http://10.0.0.1', true],
  ['ws://localhost.example', true],
  ['ws://[2001:db8::1]/mqtt', true],
  ['ws://127.0.0.1.example/', true],
  ['ws://127.0.0.1:3000/mqtt', false],
  ['ws://127.1/mqtt', false],
  ['ws://localhost:3000/mqtt', false],
  ['ws://[::1]:3000/mqtt', false],
  ['wss://bridge.example/mqtt', false],
  ['https://bridge.example', false],
])('whether what is sent to %s goes in the clear: %j', (address, isClear) => {
  expect(isSentInClear(address)).toBe(isClear);
});

test.each([
  ['https://bridge.example', 'https://bridge.example/api/v1/claims'],
  ['https://bridge.example/api/v1', 'https://bridge.example/api/v1/claims'],
  ['https://bridge.example:8443//api/v1//', 'https://bridge.example:8443/api/v1/claims'],
  ['wss://bridge.example/mqtt', 'https://bridge.example/api/v1/claims'],
  ['wss://farm.example/feeders//mqtt/', 'https://farm.example/feeders/api/v1/claims'],
])('the bridge at %s takes claims at %s', (bridge, claims) => {
  expect(claimsUrl(bridge)).toBe(claims);
});
