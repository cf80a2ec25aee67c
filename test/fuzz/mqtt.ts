import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { connectAsync, type MqttClient } from 'mqtt';
import { createWebSocketStream, WebSocket } from 'ws';
import { z } from 'zod';
import { decode, parseTopic, TOPICS } from '../../topics/topics.ts';
import { PING } from '../support/mqtt-packets.ts';
import { conversationsOf, MARK, type Login } from './mqtt-bytes.ts';
import { ObedientAgent } from './obedient-agent.ts';
import type { FuzzLength } from './rest.ts';

/** A bridge to spare: its REST address, its plain MQTT as `mqtt://host:port`, and a key of an admin of all sites. */
export type MqttTarget = { url: string; mqttUrl: string; key: string };

/** What was done. */
export type MqttFuzzed = { connections: number; letIn: number; heapGrewBytes: number };

/** Enough identities that none of them is held back for connecting too often. */
const FEEDERS = 40;
const SITE_LOGINS = 8;
const PROVEN_EVERY = 50;
const ENDS_WITHIN_MS = 3_000;
/** Where there is an answer it comes at once. */
const ANSWERS_WITHIN_MS = 30;
const MAX_HEAP_GROWTH_BYTES = 256 * 1024 * 1024;

const Made = z.looseObject({ token: z.string().optional(), username: z.string().optional(), password: z.string().optional() });

/**
 * Talks to the broker, over TCP and WebSocket, as a feeder, as a site login and as nobody, in packets that are mutated or
 * not packets at all. Rejects, with the seed and what was sent, where the broker no longer answers, where another site sees
 * any of it, where it is retained though it must not be, or where the changes of another feeder no longer end well.
 */
export async function fuzzMqtt(target: MqttTarget, { seed, runs = Number.MAX_SAFE_INTEGER, untilMs }: FuzzLength): Promise<MqttFuzzed> {
  const rest = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const headers = { Authorization: `Bearer ${target.key}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    const answer = await fetch(`${target.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: answer.status, text: await answer.text() };
  };
  const make = async (path: string, body: unknown): Promise<z.infer<typeof Made>> => {
    const { status, text } = await rest('POST', path, body);
    if (status !== 201) throw new Error(`POST ${path}: expected 201, found ${status} ${text}`);
    return Made.parse(JSON.parse(text));
  };
  const heapBytes = async (): Promise<number> => Number(/^nodejs_heap_size_used_bytes (\S+)$/m.exec((await rest('GET', '/metrics')).text)?.[1]);

  const round = randomUUID().slice(0, 8);
  const [fuzzedSite, quietSite, quiet] = [`fuzzed-${round}`, `quiet-${round}`, `quiet-${round}`];
  const enrol = async (feederId: string, site: string): Promise<string> => (await make('/api/v1/feeders', { feederId, name: feederId, site })).token ?? '';
  const looker = async (site: string): Promise<Login> => {
    const { username = '', password = '' } = await make('/api/v1/site-logins', { site, name: 'fuzz' });
    return { clientId: `looker-${username}`, username, password };
  };
  const feeders = await Promise.all(Array.from({ length: FEEDERS }, (_, index) => `f-${round}-${index}`).map(async (feederId): Promise<Login> => ({ clientId: feederId, username: feederId, password: await enrol(feederId, fuzzedSite) })));
  const lookers = await Promise.all(Array.from({ length: SITE_LOGINS }, () => looker(fuzzedSite)));
  const nobody: Login = { clientId: 'nobody', username: 'nobody', password: 'nothing' };

  const agent = await ObedientAgent.connect(target.url, quiet, await enrol(quiet, quietSite));
  const quietLogin = await looker(quietSite);
  const witness = await Witness.connect(target, quietLogin);
  let mealGrams = 0;
  const proven = async (): Promise<void> => {
    mealGrams = (mealGrams + 1) % 5_000;
    const { status, text } = await rest('PATCH', `/api/v1/feeders/${quiet}/config`, { mealGrams });
    if (status !== 200) throw new Error(`the change of another feeder was answered ${status} ${text}`);
    witness.expectOnly(quiet);
  };

  const done: MqttFuzzed = { connections: 0, letIn: 0, heapGrewBytes: 0 };
  const logins = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...feeders) }, fc.constantFrom(...lookers), fc.constant(nobody));
  const attempts = logins.chain((login) =>
    fc.record({ transport: fc.constantFrom('ws', 'tcp'), login: fc.constant(login), chunks: conversationsOf({ own: login.username, foreign: quiet }, login), atOnce: fc.boolean() }),
  );
  try {
    await agent.isKnown(async () => (await rest('GET', `/api/v1/feeders/${quiet}`)).text);
    const heapBefore = await heapBytes();
    await fc.assert(
      fc.asyncProperty(attempts, async ({ transport, chunks, atOnce }) => {
        if (await talk(transport === 'ws' ? `${target.url.replace('http', 'ws')}/mqtt` : target.mqttUrl, atOnce ? [Buffer.concat(chunks)] : chunks)) done.letIn += 1;
        done.connections += 1;
        if (done.connections % PROVEN_EVERY === 0) await proven();
      }),
      { seed, numRuns: runs, ...(untilMs !== undefined && { interruptAfterTimeLimit: Math.max(1, untilMs - Date.now()), markInterruptAsFailure: false }) },
    );
    await proven();
    done.heapGrewBytes = (await heapBytes()) - heapBefore;
    if (done.heapGrewBytes > MAX_HEAP_GROWTH_BYTES) throw new Error(`seed ${seed}: the heap grew by ${done.heapGrewBytes} bytes`);
    await expectRetained(target, quietLogin);
    for (const login of lookers.slice(0, 1)) await expectRetained(target, login);
    return done;
  } finally {
    await Promise.all([agent.end(), witness.end()]);
  }
}

/** Sends chunks on a connection of their own and waits for its end; tells whether it was let in. */
async function talk(url: string, chunks: readonly Buffer[]): Promise<boolean> {
  const stream = await open(url);
  let received = Buffer.alloc(0);
  // Being cut off is to be expected.
  stream.on('error', () => stream.destroy());
  stream.on('data', (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
  const closed = new Promise<true>((resolve) => stream.once('close', () => resolve(true)));
  const send = (chunk: Buffer): unknown => stream.writable && stream.write(chunk);
  const answer = (): Promise<unknown> => within(ANSWERS_WITHIN_MS, Promise.race([new Promise((resolve) => stream.once('data', resolve)), closed]));
  const [first, ...rest] = chunks;
  if (first !== undefined) {
    const answered = answer();
    send(first);
    // Nobody is let in who leaves before.
    await answered;
  }
  for (const chunk of rest) send(chunk);
  // What is half a packet takes this for its other half.
  const ponged = answer();
  send(PING);
  await ponged;
  stream.end();
  const isClosed = await within(ENDS_WITHIN_MS, closed);
  stream.destroy();
  if (isClosed === undefined) throw new Error(`the connection was not ended within ${ENDS_WITHIN_MS} ms`);
  return received[0] === 0x20 && received[3] === 0;
}

/** As `work`, or undefined after that time. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const over = new AbortController();
  try {
    return await Promise.race([work, delay(ms, undefined, { signal: over.signal })]);
  } finally {
    over.abort();
  }
}

async function open(url: string): Promise<Duplex> {
  if (url.startsWith('ws:')) {
    const webSocket = new WebSocket(url, 'mqtt');
    const stream = createWebSocketStream(webSocket);
    webSocket.once('close', () => stream.destroy());
    await once(webSocket, 'open');
    return stream;
  }
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** Someone who looks on at a site where nobody fuzzes. */
class Witness {
  readonly #client: MqttClient;
  readonly #seen: { topic: string; payload: string }[] = [];

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => this.#seen.push({ topic, payload: payload.toString() }));
  }

  static async connect({ mqttUrl }: MqttTarget, login: Login): Promise<Witness> {
    const client = await connectAsync(mqttUrl, { ...login, protocolVersion: 4, reconnectPeriod: 0 }, false);
    const witness = new Witness(client);
    await client.subscribeAsync('#');
    return witness;
  }

  /** Throws where it saw what is not of this feeder, or comes from those who fuzz; forgets the rest. */
  expectOnly(feederId: string): void {
    if (!this.#client.connected) throw new Error('whoever looked on at another site was cut off');
    const foreign = this.#seen.find(({ topic, payload }) => parseTopic(topic)?.feederId !== feederId || payload.includes(MARK));
    if (foreign !== undefined) throw new Error(`another site saw ${JSON.stringify(foreign)}`);
    this.#seen.length = 0;
  }

  async end(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Throws where something is retained that must not be: another topic, or what cannot be read. */
async function expectRetained({ mqttUrl }: MqttTarget, login: Login): Promise<void> {
  const client = await connectAsync(mqttUrl, { ...login, clientId: randomUUID(), protocolVersion: 4, reconnectPeriod: 0 }, false);
  const wrong: string[] = [];
  client.on('message', (topic, payload, { retain }) => {
    const decoded = decode(topic, payload);
    if (retain && !(decoded.ok && TOPICS[decoded.value.topic].retain)) wrong.push(`${topic} ${payload.toString()}`);
  });
  await client.subscribeAsync('#');
  // What is retained comes before the answer to what is asked afterwards.
  await client.subscribeAsync('$SYS/#');
  await client.endAsync(true);
  if (wrong.length > 0) throw new Error(`retained: ${wrong.join('; ')}`);
}
