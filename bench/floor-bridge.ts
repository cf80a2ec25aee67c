import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Aedes } from 'aedes';
import pg from 'pg';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { z } from 'zod';
import { portOf } from '../src/broker/listeners.ts';
import { startEmbeddedPostgres } from '../src/store/embedded-postgres.ts';
import { readOrders, tellReady } from './child.ts';

// The least code that does a verified change: node's http, Aedes and two commits. The floor that the bridge is measured
// against: no validation, no keys, no lease, no log, nothing sent again.

type Ack = { commandId: string; readBack: unknown };

const Orders = z.object({ databaseUrl: z.string().optional(), dataDir: z.string() });
const { databaseUrl, dataDir } = await readOrders(Orders);
const db = new pg.Pool(databaseUrl === undefined ? await embedded() : { connectionString: databaseUrl, max: 10 });
await db.query('CREATE TABLE command (command_id uuid PRIMARY KEY, feeder_id text, changes jsonb, sent_at timestamptz, read_back jsonb, ended_at timestamptz)');

const broker = await Aedes.createBroker();
const waiting = new Map<string, (ack: Ack) => void>();
broker.on('publish', ({ topic, payload }) => {
  if (!topic.endsWith('/ack')) return;
  const ack = JSON.parse(payload.toString()) as Ack;
  waiting.get(ack.commandId)?.(ack);
  waiting.delete(ack.commandId);
});

async function change(feederId: string, body: string): Promise<string> {
  const commandId = randomUUID();
  const insert = { name: 'insert', text: 'INSERT INTO command (command_id, feeder_id, changes, sent_at) VALUES ($1, $2, $3, now())' };
  await db.query(insert, [commandId, feederId, body]);
  const answered = new Promise<Ack>((resolve) => waiting.set(commandId, resolve));
  const payload = `{"commandId":"${commandId}","changes":${body}}`;
  broker.publish({ cmd: 'publish', topic: `feeder/${feederId}/command`, payload, qos: 1, retain: false, dup: false }, () => undefined);
  const { readBack } = await answered;
  const update = { name: 'update', text: 'UPDATE command SET read_back = $2, ended_at = now() WHERE command_id = $1' };
  await db.query(update, [commandId, JSON.stringify(readBack)]);
  return JSON.stringify({ commandId, readBack });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const feederId = request.url?.split('/')[4] ?? '';
    void change(feederId, Buffer.concat(chunks).toString()).then((answer) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer);
    });
  });
});
const webSockets = new WebSocketServer({ server, path: '/mqtt', perMessageDeflate: false });
webSockets.on('connection', (webSocket, request) => broker.handle(createWebSocketStream(webSocket), request));
server.listen(0, '127.0.0.1', () => tellReady({ port: portOf(server) }));

async function embedded(): Promise<pg.PoolConfig> {
  const fail = (reason: Error): never => {
    throw reason;
  };
  const { socketDir, port } = await startEmbeddedPostgres(dataDir, fail, 0);
  return { host: socketDir, port, user: 'postgres', database: 'postgres', password: '', max: 1, idleTimeoutMillis: 0 };
}
