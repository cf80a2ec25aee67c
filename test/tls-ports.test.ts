import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get, type RequestOptions } from 'node:https';
import { connect as connectTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { machineClocks } from '../machine/clocks.ts';
import { machineTimers } from '../machine/timers.ts';
import { Doorstep } from '../src/broker/doorstep.ts';
import { openFrontDoor, type FrontDoor } from '../src/front-door.ts';
import { parseSettings } from '../src/settings.ts';
import { eventually } from './support/bridge.ts';
import { Authority, writePair } from './support/certificates.ts';
import { memoryLog } from './support/memory-log.ts';

let folder: string;
let authority: Authority;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feederbridge-tls-'));
  authority = await Authority.make();
});
afterAll(() => rm(folder, { recursive: true }));

/** The bridge's ports with a fresh certificate, in a process that may have so many files open, before a program that answers "hello" and a broker that says what it is told. */
async function open(openFiles = Infinity): Promise<FrontDoor & { port: number; mqtt: number; accepted: Duplex[]; log: ReturnType<typeof memoryLog>['lines'] }> {
  const files = await writePair(folder, await authority.leaf());
  const parsed = parseSettings({ PORT: '0', MQTT_PORT: '0', ...files });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const { log, lines } = memoryLog();
  const accepted: Duplex[] = [];
  const broker = {
    doorstep: new Doorstep(machineClocks, machineTimers, openFiles),
    accept: (stream: Duplex) => {
      accepted.push(stream);
      stream.on('error', () => stream.destroy());
      stream.on('data', (chunk) => stream.write(chunk));
      return { isLetIn: () => true, takeFrame: () => undefined };
    },
  };
  const door = await openFrontDoor({
    settings: parsed.settings,
    app: (_request, response) => response.end('hello'),
    broker,
    machine: machineClocks,
    timers: machineTimers,
    log,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(async () => {
    await Promise.all([door.closeHttp(0), door.closeMqtt()]);
  });
  return { ...door, port: Number(new URL(door.url).port), mqtt: door.mqttPort ?? 0, accepted, log: lines };
}

/** A TLS connection, once it is agreed on; rejects where it is not. */
async function agree(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: authority.cert, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  socket.on('error', () => socket.destroy());
  return socket;
}

/** A plain connection that sends this, if anything. */
async function plain(port: number, bytes?: string): Promise<{ socket: Socket; closed: Promise<unknown> }> {
  const socket = connectTcp(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  await once(socket, 'connect');
  if (bytes !== undefined) socket.write(bytes);
  return { socket, closed };
}

async function textOf(url: string, options: RequestOptions = {}): Promise<string> {
  const request = get(url, { ca: authority.cert, agent: false, ...options });
  const [answer] = await new Promise<[AsyncIterable<Buffer>]>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => resolve([response]));
  });
  let text = '';
  for await (const chunk of answer) text += chunk.toString();
  return text;
}

/** What comes back of bytes that were sent. */
async function echoed(stream: Duplex, bytes: Buffer): Promise<Buffer> {
  let back = Buffer.alloc(0);
  const done = new Promise<void>((resolve) => {
    stream.on('data', (chunk: Buffer) => {
      back = Buffer.concat([back, chunk]);
      if (back.length >= bytes.length) resolve();
    });
  });
  stream.write(bytes);
  await done;
  stream.removeAllListeners('data');
  return back;
}

test('REST, MQTT over WebSocket and MQTT over TCP are served with TLS 1.2 and 1.3, and each protocol at its own port', async () => {
  const { url, port, mqtt } = await open();
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(await textOf(url)).toBe('hello');
  const webSocket = new WebSocket(`${url.replace('http', 'ws')}/mqtt`, 'mqtt', { ca: authority.cert });
  await once(webSocket, 'open');
  webSocket.send('over WebSocket');
  const back = z.tuple([z.instanceof(Buffer)]).rest(z.unknown()).parse(await once(webSocket, 'message'));
  expect(back[0].toString()).toBe('over WebSocket');
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await agree(mqtt, { maxVersion: version, ALPNProtocols: ['mqtt'] });
    expect(socket.getProtocol()).toBe(version);
    expect(socket.alpnProtocol).toBe('mqtt');
    const much = Buffer.alloc(3_000_000, version);
    expect((await echoed(socket, much)).equals(much)).toBe(true);
  }
  expect((await agree(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpnProtocol).toBe('http/1.1');
  // One protocol's client is not brought to speak to another's port.
  await expect(agree(mqtt, { ALPNProtocols: ['http/1.1'] })).rejects.toThrow();
  await expect(agree(port, { ALPNProtocols: ['mqtt'] })).rejects.toThrow();
  webSocket.terminate();
});

test('older versions, plain text and noise are cut, told at debug, and others are served meanwhile', async () => {
  const { url, port, mqtt, log } = await open();
  const steady = await agree(mqtt);
  for (const each of [port, mqtt]) {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(agree(each, old)).rejects.toThrow();
    const ends = await Promise.all(['GET / HTTP/1.1\r\nHost: bridge\r\n\r\n', '\x10\x0c\0\x04MQTT\x04\x02\0\x1e\0\0', '\x16\x03\x01\0\x05aaaaa'].map((bytes) => plain(each, bytes)));
    await Promise.all(ends.map(({ closed }) => closed));
  }
  expect(new Set(log.map(({ level }) => level))).toEqual(new Set(['debug']));
  expect(log).toContainEqual(expect.objectContaining({ address: '127.0.0.1', code: 'ERR_SSL_HTTP_REQUEST' }));
  expect(await textOf(url)).toBe('hello');
  expect(String(await echoed(steady, Buffer.from('still here')))).toBe('still here');
});

test('a client that does not read never makes its stream say that it is full, and what waits for it is told', async () => {
  const { mqtt, accepted } = await open();
  const frozen = await agree(mqtt);
  const [stream] = await eventually(() => (accepted.length > 0 ? accepted : undefined));
  frozen.pause();
  const piece = Buffer.alloc(60_000);
  for (let each = 0; each < 120; each++) expect(stream?.write(piece)).toBe(true);
  expect(stream?.writableLength).toBeGreaterThan(1_000_000);
  const closed = once(frozen, 'close');
  stream?.destroy();
  frozen.resume();
  await closed;
});

test('whoever never greets does not keep the bridge from stopping', async () => {
  const { port, mqtt, closeHttp, closeMqtt, log } = await open();
  const silent = await Promise.all([port, mqtt].map((each) => plain(each)));
  const halfway = await plain(port, '\x16\x03\x01\x02\0');
  await agree(mqtt);
  await Promise.all([closeHttp(0), closeMqtt()]);
  await Promise.all([...silent, halfway].map(({ closed }) => closed));
  expect(log.filter(({ code }) => code === 'ERR_TLS_HANDSHAKE_TIMEOUT')).toEqual([]);
});

describe('with 40 open files there may be 20 connections', () => {
  const lines = (log: readonly { level: string; msg: string }[]): unknown[] => log.filter(({ level }) => level === 'error');

  test('and 12 of a network that ask for nothing, over all ports, told in one line; whoever asks makes room', async () => {
    const { url, port, mqtt, log } = await open(40);
    const asking = await Promise.all([agree(mqtt), agree(mqtt)]);
    const silent = await Promise.all([...Array.from({ length: 6 }, () => port), ...Array.from({ length: 4 }, () => mqtt)].map((each) => plain(each)));
    // Agreed on, and yet nothing asked.
    silent.push(...(await Promise.all([agree(port), agree(port)])).map((socket) => ({ socket, closed: once(socket, 'close') })));
    await expect(textOf(url)).rejects.toThrow();
    await expect(agree(mqtt)).rejects.toThrow();
    expect(String(await echoed(asking[0], Buffer.from('still here')))).toBe('still here');
    expect(lines(log)).toEqual([expect.objectContaining({ msg: 'connections are turned away', address: '127.0.0.1' })]);
    silent[0]?.socket.destroy();
    silent[11]?.socket.write('GET / HTTP/1.1\r\nHost: bridge\r\n\r\n');
    await eventually(() => textOf(url).catch(() => undefined));
    expect(await textOf(url)).toBe('hello');
    expect(silent.slice(1).filter(({ socket }) => socket.destroyed)).toEqual([]);
  });

  test('and no more in all; those that were answered and wait for nothing make room', async () => {
    const { url, mqtt, log } = await open(40);
    await agree(mqtt);
    for (const length of [10, 9]) {
      const agent = new Agent({ keepAlive: true });
      onTestFinished(() => agent.destroy());
      await Promise.all(Array.from({ length }, () => textOf(url, { agent })));
    }
    await expect(agree(mqtt)).rejects.toThrow();
    await eventually(() => agree(mqtt).catch(() => undefined));
    expect(JSON.stringify(lines(log))).toMatch(/^\[[^[\]]*ulimit -n[^[\]]*\]$/);
  });
});

test('a renewed certificate is for new connections, those there are stay, and one that cannot be served changes nothing', async () => {
  const { url, port, mqtt, log, renewCertificate } = await open();
  const before = await Promise.all([agree(port), agree(mqtt)]);
  const serial = async (each: number): Promise<string> => (await agree(each)).getPeerCertificate().serialNumber;
  const first = await serial(port);
  const next = await authority.leaf();

  await writePair(folder, { cert: next.cert, key: (await authority.leaf()).key });
  renewCertificate();
  expect(log.at(-1)).toMatchObject({ level: 'error', problems: ['TLS_KEY_FILE: expected the key of the first certificate in TLS_CERT_FILE'] });
  expect([await serial(port), await serial(mqtt)]).toEqual([first, first]);

  await writePair(folder, next);
  renewCertificate();
  expect(log.at(-1)).toMatchObject({ level: 'info' });
  const second = await serial(port);
  expect(second).not.toBe(first);
  expect(await serial(mqtt)).toBe(second);
  expect(await textOf(url)).toBe('hello');
  const [, mqttBefore] = before;
  expect(String(await echoed(mqttBefore, Buffer.from('still here')))).toBe('still here');
  expect(before.every(({ destroyed }) => !destroyed)).toBe(true);
});
