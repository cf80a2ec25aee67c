import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { Agent } from '../agent/agent.ts';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { ADMIN_KEY, eventually } from './support/bridge.ts';
import { spawnBridge, type BridgeProcess } from './support/bridge-process.ts';
import { Authority, writePair } from './support/certificates.ts';
import { freePort } from './support/free-port.ts';
import { freshDatabase, type FreshDatabase } from './support/postgres.ts';
import { hasMosquitto, startMosquitto } from './support/server-process.ts';
import { Explorer } from './support/site-login.ts';
import { readMap, startTestAgent } from './support/whole-system.ts';

const run = promisify(execFile);
const has = (command: string): Promise<boolean> => run(command, ['--help']).then(() => true, (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'));
const [hasCurl, hasMosquittoClients] = await Promise.all([has('curl'), has('mosquitto_sub')]);

let folder: string;
let authority: Authority;
let caFile: string;
let otherCaFile: string;
let database: FreshDatabase;
let bridge: BridgeProcess;
let url: string;
let mqttPort: number;
let plc: SimulatedPlc;
let agent: Agent;
let login: { username: string; password: string };
/** Connected before anything else, and never says a word. */
let silent: Promise<unknown>[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feederbridge-tls-'));
  authority = await Authority.make();
  caFile = join(folder, 'ca.pem');
  otherCaFile = join(folder, 'other-ca.pem');
  await writeFile(caFile, authority.cert);
  await writeFile(otherCaFile, (await Authority.make('another authority')).cert);
  database = await freshDatabase();
  bridge = spawnBridge({
    PORT: '0',
    MQTT_PORT: '0',
    DATA_DIR: database.dataDir,
    DATABASE_URL: database.databaseUrl,
    ADMIN_KEY,
    LEASE_SECONDS: '5',
    LOG_LEVEL: 'debug',
    ...(await writePair(folder, await authority.leaf())),
  });
  url = await bridge.printed(/bridge listening on (https:\S+) \(MQTT over WebSocket at wss:/);
  mqttPort = Number(await bridge.printed(/MQTT with TLS on 127\.0\.0\.1:(\d+)/));
  silent = [Number(new URL(url).port), mqttPort].map((port) => {
    const socket = connectTcp(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    return new Promise((resolve) => socket.once('close', resolve));
  });
  plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  agent = await startTestAgent({
    bridge: `${url.replace('https', 'wss')}/mqtt`,
    caFile,
    feeders: [{ feederId: 'pond-1', token: await enrol('pond-1'), plc: { host: '127.0.0.1', port: plc.port, timeoutMs: 1_000 } }],
  });
  const { body } = await rest('POST', '/site-logins', { site: 'farm', name: 'explorer' });
  login = z.object({ username: z.string(), password: z.string() }).parse(body);
  await eventually(async () => ((await rest('GET', '/feeders/pond-1/config')).status === 200 ? true : undefined), 10_000);
});
afterAll(async () => {
  await agent.stop();
  await plc.stop();
  await bridge.kill();
  await database.dispose();
  await rm(folder, { recursive: true });
});

async function rest(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const headers = { Authorization: `Bearer ${ADMIN_KEY}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
  const sent = request(`${url}/api/v1${path}`, { method, headers, ca: authority.cert });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
}

async function enrol(feederId: string): Promise<string> {
  const { body } = await rest('POST', '/feeders', { feederId, name: feederId, site: 'farm' });
  return z.object({ token: z.string() }).parse(body).token;
}

/** A change that the PLC must hold. */
async function change(mealGrams: number): Promise<void> {
  const { status, body } = await rest('PATCH', '/feeders/pond-1/config', { mealGrams });
  expect({ status, readBack: z.looseObject({}).parse(body)['readBack'] }).toEqual({ status: 200, readBack: { mealGrams } });
}

const serialOf = (port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: authority.cert }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.once('error', reject);
  });

test('a change goes all the way through it, and SIGHUP changes the certificate under the sessions and leases there are', async () => {
  await change(120);
  const explorer = await Explorer.connect(`mqtts://127.0.0.1:${mqttPort}`, login, { ca: authority.cert });
  await explorer.subscribe('feeder/pond-1/#');
  const { payload } = await explorer.sees('feeder/pond-1/presence');
  const session = z.object({ state: z.literal('online'), sessionId: z.string() }).parse(JSON.parse(payload));
  const before = await serialOf(mqttPort);

  await writePair(folder, { ...(await authority.leaf()), cert: 'spoilt' });
  bridge.signal('SIGHUP');
  await bridge.printed(/the old one stays/);
  expect(bridge.output()).toContain('TLS_CERT_FILE: expected a PEM file');
  expect(await serialOf(mqttPort)).toBe(before);

  await writePair(folder, await authority.leaf());
  bridge.signal('SIGHUP');
  await bridge.printed(/new connections get the new certificate/);
  expect(await serialOf(mqttPort)).not.toBe(before);
  expect(await serialOf(Number(new URL(url).port))).toBe(await serialOf(mqttPort));
  await change(130);
  // Two beats later everything is as before.
  const beats = (): number => explorer.seen.filter(({ topic }) => topic === 'feeder/pond-1/heartbeat').length;
  const beatsBefore = beats();
  await eventually(() => (beats() >= beatsBefore + 2 ? true : undefined));
  const presences = explorer.seen.filter(({ topic }) => topic === 'feeder/pond-1/presence');
  expect(presences.map((seen) => z.looseObject({}).parse(JSON.parse(seen.payload))['sessionId'])).toEqual([session.sessionId]);
});

test.skipIf(!hasCurl)('curl takes it with the authority of the farm, and with no other', async () => {
  const curl = async (...args: string[]): Promise<string> => (await run('curl', ['-sS', '-m', '5', ...args, `${url}/livez`])).stdout;
  expect(await curl('--cacert', caFile)).toContain('"ok"');
  await expect(curl()).rejects.toThrow(/certificate/);
  await expect(curl('--cacert', otherCaFile)).rejects.toThrow(/certificate/);
  await expect(run('curl', ['-sS', '-m', '5', `${url.replace('https', 'http')}/livez`])).rejects.toThrow();
});

test.skipIf(!hasMosquittoClients)('mosquitto_sub looks on with it, and hands the password to no other server', async () => {
  const look = async (file: string): Promise<string> => {
    const at = ['-h', '127.0.0.1', '-p', String(mqttPort), '--cafile', file, '-u', login.username, '-P', login.password];
    return (await run('mosquitto_sub', [...at, '-t', 'feeder/+/presence', '-C', '1', '-W', '5'])).stdout;
  };
  expect(await look(caFile)).toContain('"online"');
  await expect(look(otherCaFile)).rejects.toThrow();
});

describe.skipIf(!hasMosquitto)("a farm's own Mosquitto, with the TLS part of mosquitto.conf", () => {
  async function mosquittoTrusting(authorityFile: string): Promise<Explorer> {
    const own = await mkdtemp(join(folder, 'mosquitto-'));
    const port = await freePort();
    const substitutes: [string, string][] = [
      ['listener 1883 127.0.0.1', `listener ${port} 127.0.0.1`],
      ['acl_file /etc/mosquitto/feederbridge.acl', `acl_file ${join(own, 'feederbridge.acl')}`],
      ['address bridge.example:1883', `address 127.0.0.1:${mqttPort}`],
      ['remote_username north-farm_00000000', `remote_username ${login.username}`],
      ['remote_password put-the-password-here', `remote_password ${login.password}`],
      ['restart_timeout 2 60', 'restart_timeout 1'],
      ['#bridge_cafile /etc/mosquitto/certs/authority.crt', `bridge_cafile ${authorityFile}`],
      ['#bridge_tls_version tlsv1.2', 'bridge_tls_version tlsv1.2'],
      ['#bridge_insecure false', 'bridge_insecure false'],
    ];
    let text = await readFile(resolve('mosquitto.conf'), 'utf8');
    for (const [line, substitute] of substitutes) {
      expect(text.split('\n')).toContain(line);
      text = text.replace(`\n${line}\n`, `\n${substitute}\n`);
    }
    await cp(resolve('mosquitto.acl'), join(own, 'feederbridge.acl'));
    // Started as root, it would give up its rights, and with them those on this folder.
    await writeFile(join(own, 'mosquitto.conf'), `user root\n${text}`);
    const mosquitto = await startMosquitto(join(own, 'mosquitto.conf'), port);
    onTestFinished(() => mosquitto.dispose());
    const local = await Explorer.connect(mosquitto.url);
    await local.subscribe('feeder/#', '$SYS/broker/connection/farm-broker/state');
    return local;
  }

  test('it fetches what there is from a bridge that the authority of the farm vouches for', async () => {
    const local = await mosquittoTrusting(caFile);
    await local.sees('feeder/pond-1/config', ({ payload }) => payload.includes('"mealGrams"'));
    await local.sees('$SYS/broker/connection/farm-broker/state', ({ payload }) => payload === '1');
  });

  test('it gets nowhere with another authority', async () => {
    const refused = (): number => bridge.output().split('ALERT_UNKNOWN_CA').length;
    const before = refused();
    const local = await mosquittoTrusting(otherCaFile);
    await eventually(() => (refused() > before ? true : undefined));
    expect(local.seen.filter(({ topic }) => topic.startsWith('feeder/'))).toEqual([]);
  });
});

test('whoever never says a word was cut off meanwhile', async () => {
  await Promise.all(silent);
});
