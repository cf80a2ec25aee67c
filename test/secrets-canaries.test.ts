import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { SimulatedPlc } from '../agent/plc/simulator/simulated-plc.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { runBridge, type BridgeProcess } from './support/bridge-process.ts';
import { freePort } from './support/free-port.ts';
import { freshDatabase } from './support/postgres.ts';
import { program } from './support/program.ts';
import { RawClient } from './support/raw-mqtt.ts';
import { connack, connectPacket, packet, PING, PONG, publishPacket, subscribePacket } from './support/mqtt-packets.ts';
import { hasPostgres, startPostgres } from './support/server-process.ts';
import { readMap, REFERENCE_MAP } from './support/whole-system.ts';

const canary = (what: string): string => `Canary-${what}-${randomBytes(12).toString('hex')}`;
/** What is looked for: as it is, and as Basic authentication writes it. */
const formsOf = (secret: string): string[] => [secret, Buffer.from(secret).toString('base64').slice(0, -3)];

type Secrets = Map<string, string>;

function expectNone(secrets: Secrets, where: string, text: string): void {
  for (const [name, secret] of secrets) {
    for (const form of formsOf(secret)) expect(text.includes(form), `${name} in ${where}: …${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form))}`).toBe(false);
  }
}

/** Everything that can be asked for, with every answer kept. */
class Client {
  readonly answers: string[] = [];
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
    const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    // Not by `fetch`, which tests hold to what the OpenAPI document says: this one is asked for anything.
    const asked = request(this.#url + path, { method, headers: { Authorization: `Bearer ${this.#key}`, 'Content-Type': 'application/json', ...headers } });
    const answered = new Promise<IncomingMessage>((resolve, reject) => asked.once('response', resolve).once('error', reject));
    asked.end(sent);
    const answer = await answered;
    const text = await textOf(answer);
    this.answers.push(`${method} ${answer.statusCode} ${JSON.stringify(answer.rawHeaders)} ${text}`);
    return { status: answer.statusCode ?? 0, text };
  }

  /** Has something made whose answer shows a secret; that one answer is not kept. */
  async make(path: string, body: unknown, member: string): Promise<{ secret: string; made: Record<string, unknown> }> {
    const { status, text } = await this.ask('POST', `/api/v1${path}`, body);
    expect(status, text).toBe(201);
    this.answers.pop();
    const made = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    return { secret: z.string().parse(made[member]), made };
  }
}

/** Puts a secret wherever it does not belong. */
async function misuse(client: Client, mqttUrl: string, wsUrl: string, pond2: string, secret: string): Promise<void> {
  const query = encodeURIComponent(secret);
  await client.ask('GET', `/api/v1/feeders?key=${query}`);
  await client.ask('GET', `/api/v1/feeders/${query}`);
  await client.ask('DELETE', `/api/v1/webhooks/${query}`);
  await client.ask('POST', `/${query}`, {});
  // What is no longer than a request's id may be taken for one.
  const requestId = secret.length > 36 ? { 'X-Request-Id': secret } : undefined;
  await client.ask('GET', '/api/v1/feeders', undefined, { ...requestId, Cookie: `key=${secret}`, 'User-Agent': secret, 'X-Api-Key': secret, traceparent: secret });
  await client.ask('GET', '/api/v1/feeders', undefined, { Authorization: `Basic ${Buffer.from(secret).toString('base64')}` });
  await client.ask('GET', '/api/v1/feeders', undefined, { Authorization: `Bearer ${secret}x` });
  await client.ask('PATCH', '/api/v1/feeders/pond-1/config', { mealGrams: secret });
  await client.ask('PATCH', '/api/v1/feeders/pond-1/config', secret);
  await client.ask('POST', '/api/v1/feeders/pond-1/commands', { kind: 'feed-now', grams: secret }, { 'Idempotency-Key': 'k' });
  await client.ask('POST', '/api/v1/feeders', { feederId: secret, name: 'pond', site: 'farm' });
  await client.ask('POST', '/api/v1/claims', { code: `${secret}x` });
  await client.ask('POST', '/api/v1/sign-ins', { code: `${secret}x` });

  const asName = await RawClient.open(mqttUrl);
  asName.send(connectPacket({ clientId: secret, username: secret, password: secret }));
  const onWill = await RawClient.open(mqttUrl);
  onWill.send(connectPacket({ clientId: 'pond-2', username: 'pond-2', password: pond2, will: { topic: `feeder/${secret}/session`, payload: secret } }));
  const inQuery = await RawClient.open(`${wsUrl}?token=${query}`);
  inQuery.send(connectPacket({ clientId: secret.toLowerCase(), username: 'pond-2', password: secret }));
  await Promise.all([asName.closed, onWill.closed, inQuery.closed]);
  const nosy = await RawClient.open(mqttUrl);
  nosy.send(connectPacket({ clientId: 'pond-2', username: 'pond-2', password: pond2 }));
  await nosy.expect(connack(0));
  nosy.send(publishPacket('feeder/pond-2/ack', secret), publishPacket('feeder/pond-2/ack', JSON.stringify({ commandId: secret })), PING);
  await nosy.expect(PONG);
  // Some are no filter, which ends the connection just as well.
  nosy.send(subscribePacket(`feeder/${secret}/command`), publishPacket(`feeder/${secret}/state`, secret), packet(0xf0));
  await nosy.closed;
}

/** Every row of every table as text, but for what signs notices, which must be kept as it is. */
async function everyRow(db: Database): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  const texts = await Promise.all(tables.map(async ({ name }) => {
    const { rows } = await db.query<{ all: string | null }>(`SELECT string_agg((to_jsonb(t) - 'secret')::text, E'\\n') AS all FROM "${name}" t`);
    return `${name}: ${rows[0]?.all ?? ''}`;
  }));
  return texts.join('\n');
}

async function everyFile(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
  return texts.join('\n');
}

async function runAgent(wsUrl: string, token: string): Promise<{ output: () => string; folder: string; stop: () => Promise<void> }> {
  const plc = await SimulatedPlc.start({ map: await readMap(), port: 0 });
  onTestFinished(() => plc.stop());
  const folder = await mkdtemp(join(tmpdir(), 'canaries-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const feeder = { feederId: 'pond-1', token: { env: 'POND_1_TOKEN' }, plc: { host: '127.0.0.1', port: plc.port }, registerMap: REFERENCE_MAP, pollSeconds: 0.1 };
  await writeFile(join(folder, 'agent.yaml'), JSON.stringify({ bridge: wsUrl, dataDir: './data', feeders: [feeder] }));
  const child = spawn(process.execPath, [...program('agent/main.ts'), '--config', join(folder, 'agent.yaml')], {
    env: { PATH: process.env['PATH'], POND_1_TOKEN: token, LOG_LEVEL: 'trace' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await closed;
  };
  onTestFinished(stop);
  return { output: () => output, folder, stop };
}

async function portsOf(bridge: BridgeProcess): Promise<{ url: string; wsUrl: string; mqttUrl: string }> {
  const url = await bridge.printed(/bridge listening on (\S+)/);
  const mqttPort = await bridge.printed(/plain MQTT on \S+:(\d+)/);
  return { url, wsUrl: `${url.replace('http', 'ws')}/mqtt`, mqttUrl: `mqtt://127.0.0.1:${mqttPort}` };
}

test('no secret is anywhere but in the one answer that tells it, wherever it was put', async () => {
  const stores = await freshDatabase();
  onTestFinished(() => stores.dispose());
  const adminKey = canary('admin');
  const smtpPassword = canary('smtp');
  const environment = {
    PORT: '0', MQTT_PORT: '0', DATA_DIR: stores.dataDir, DATABASE_URL: stores.databaseUrl, ADMIN_KEY: adminKey, LOG_LEVEL: 'trace',
    SMTP_URL: `smtp://farm:${smtpPassword}@127.0.0.1:${await freePort()}`, SMTP_FROM: 'feeders@farm.example', ALLOW_PRIVATE_WEBHOOKS: 'true',
  };
  const bridge = runBridge(environment);
  const { url, wsUrl, mqttUrl } = await portsOf(bridge);
  const client = new Client(url, adminKey);
  const { secret: token } = await client.make('/feeders', { feederId: 'pond-1', name: 'pond', site: 'farm' }, 'token');
  const { secret: pond2 } = await client.make('/feeders', { feederId: 'pond-2', name: 'pond', site: 'farm' }, 'token');
  const agent = await runAgent(wsUrl, token);
  const { secret: apiKey, made: key } = await client.make('/keys', { name: 'office', role: 'admin', sites: ['farm'] }, 'key');
  const { secret: code } = await client.make('/feeders/pond-2/claim-code', undefined, 'code');
  const { secret: signInCode } = await client.make('/sign-in-codes', { uses: 2 }, 'code');
  const { secret: session } = await client.make('/sign-ins', { code: signInCode }, 'bearer');
  const { secret: password, made: login } = await client.make('/site-logins', { site: 'farm', name: 'Kari' }, 'password');
  const { secret: signing } = await client.make('/webhooks', { url: `http://127.0.0.1:${await freePort()}/` }, 'secret');
  await client.ask('POST', '/api/v1/email-contacts', { addresses: ['kari@farm.example'] });
  // Of an issuer that this bridge does not know.
  const idToken = ['{"alg":"RS256"}', '{"sub":"kari"}', canary('person')].map((part) => Buffer.from(part).toString('base64url')).join('.');
  const secrets: Secrets = new Map([
    ['ADMIN_KEY', adminKey], ['SMTP_URL', smtpPassword], ['token', token], ['token of pond-2', pond2], ['key', apiKey], ['claim code', code],
    ['password', password], ['webhook secret', signing], ['id token', idToken], ['sign-in code', signInCode], ['session', session],
  ]);

  // Used rightly.
  await expect.poll(async () => (await client.ask('GET', '/api/v1/feeders/pond-1/config')).status, { timeout: 15_000 }).toBe(200);
  const asOffice = { Authorization: `Bearer ${apiKey}` };
  expect((await client.ask('PATCH', '/api/v1/feeders/pond-1/config', { mealGrams: 120 }, asOffice)).status).toBe(200);
  expect((await client.ask('PATCH', '/api/v1/feeders/pond-1/config', { mealGrams: 110 }, { Authorization: `Bearer ${session}` })).status).toBe(200);
  const explorer = await RawClient.open(mqttUrl);
  explorer.send(connectPacket({ clientId: 'explorer', username: z.string().parse(login['username']), password }));
  await explorer.expect(connack(0));

  for (const secret of secrets.values()) await misuse(client, mqttUrl, wsUrl, pond2, secret);
  for (const path of ['/feeders', '/keys', '/site-logins', '/webhooks', '/email-contacts', '/audit?limit=500', '/feeders/pond-1/commands']) await client.ask('GET', `/api/v1${path}`);
  for (const path of ['/metrics', '/readyz', '/openapi.json']) await client.ask('GET', path);
  // What is watched at the time, and what happened before.
  const events = await fetch(`${url}/api/v1/events`, { headers: { ...asOffice, 'Last-Event-ID': '0' } });
  const reader = events.body?.getReader();
  let told = '';
  while (!told.includes('event: ')) told += Buffer.from((await reader?.read())?.value ?? []).toString();
  await client.ask('DELETE', `/api/v1/keys/${z.string().parse(key['apiKeyId'])}`);
  await agent.stop();
  bridge.signal('SIGTERM');
  expect(await bridge.exit).toBe(0);

  const db = await openDatabase({ databaseUrl: stores.databaseUrl, dataDir: stores.dataDir, onLost: () => undefined });
  const rows = await everyRow(db).finally(() => db.close());
  expect(rows).toContain('"action": "changeConfig"');
  expect(bridge.output()).toContain('"operation":"changeConfig"');
  expect(agent.output()).toContain('connected');
  expectNone(secrets, 'the log of the bridge', bridge.output());
  expectNone(secrets, 'the log of the agent', agent.output());
  expectNone(secrets, 'an answer', client.answers.join('\n'));
  expectNone(secrets, 'an event', told);
  expectNone(secrets, 'the database', rows);
  expectNone(secrets, "the agent's files", await everyFile(agent.folder));
}, 60_000);

test('no setting is told where its server is not there; it ends with 1, and DATA_DIR is left alone', async () => {
  const secrets: Secrets = new Map([['DATABASE_URL', canary('database')], ['REDIS_URL', canary('redis')]]);
  const port = await freePort();
  const bridge = runBridge({
    PORT: '0', LOG_LEVEL: 'trace', DATA_DIR: '/dev/null/data',
    DATABASE_URL: `postgres://farm:${secrets.get('DATABASE_URL')}@127.0.0.1:${port}/farm`, REDIS_URL: `redis://:${secrets.get('REDIS_URL')}@127.0.0.1:${port}`,
  });
  expect(await bridge.exit).toBe(1);
  expect(bridge.output()).toContain('expected a connection to Postgres');
  expect(bridge.output()).toContain('ECONNREFUSED');
  expectNone(secrets, 'the log', bridge.output());
});

test.skipIf(!hasPostgres)('nor where it goes away', async () => {
  const server = await startPostgres();
  onTestFinished(() => server.dispose());
  const adminKey = canary('admin');
  const secrets: Secrets = new Map([['ADMIN_KEY', adminKey], ['DATABASE_URL', canary('database')], ['REDIS_URL', canary('redis')]]);
  const bridge = runBridge({
    PORT: '0', MQTT_PORT: '0', LOG_LEVEL: 'trace', ADMIN_KEY: adminKey,
    DATABASE_URL: server.url.replace('postgres@', `postgres:${secrets.get('DATABASE_URL')}@`), REDIS_URL: `redis://:${secrets.get('REDIS_URL')}@127.0.0.1:${await freePort()}`,
  });
  const { url } = await portsOf(bridge);
  const client = new Client(url, adminKey);
  await client.make('/feeders', { feederId: 'pond-1', name: 'pond', site: 'farm' }, 'token');
  expect((await client.ask('PATCH', '/api/v1/feeders/pond-1/config', { mealGrams: 120 })).text).toContain('lease-store-unavailable');
  await server.kill();
  expect((await client.ask('GET', '/api/v1/feeders/pond-1/commands')).text).toContain('store-unavailable');
  await client.ask('GET', '/readyz');
  bridge.signal('SIGTERM');
  await bridge.exit;
  expectNone(secrets, 'the log', bridge.output());
  expectNone(secrets, 'an answer', client.answers.join('\n'));
}, 30_000);
