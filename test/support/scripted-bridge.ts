import { once } from 'node:events';
import { createServer } from 'node:http';
import { Aedes, type Client } from 'aedes';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { toInstant } from '../../topics/identifiers.ts';
import type { Ack, ClearAlarms, Command, FeedNow, SetConfig } from '../../topics/commands.ts';
import { buildTopic, decode, encode, type Message } from '../../topics/topics.ts';
import { eventually } from './bridge.ts';

type Received = Message & { clientId: string };
type Payloads = { [M in Message as M['topic']]: M['payload'] };

/** A bridge that says only what a test tells it to, over the wire contract; heartbeats it answers with its own clock. */
export class ScriptedBridge {
  readonly url: string;
  /** Its clock, milliseconds since 1970. */
  nowMs: () => number = () => Date.now();
  answersBeats = true;
  /** What agents published, wills included, oldest first. */
  readonly received: Received[] = [];
  /** When each connection came, on the monotonic clock. */
  readonly connectedAtMs: number[] = [];
  readonly #aedes: Aedes;
  readonly #clients = new Set<Client>();
  readonly #end: () => Promise<void>;

  private constructor(aedes: Aedes, port: number, end: () => Promise<void>) {
    this.#aedes = aedes;
    this.url = `ws://127.0.0.1:${port}/mqtt`;
    this.#end = end;
    aedes.on('clientReady', (client) => {
      this.#clients.add(client);
      this.connectedAtMs.push(performance.now());
    });
    aedes.on('clientDisconnect', (client) => this.#clients.delete(client));
    aedes.on('publish', (packet, client) => {
      if (!packet.topic.startsWith('feeder/') || /\/(command|reply|stored)$/.test(packet.topic)) return;
      const decoded = decode(packet.topic, Buffer.from(packet.payload));
      if (!decoded.ok) throw new Error(`the agent sent what it should not: ${packet.topic}: ${decoded.problem}`);
      this.received.push({ ...decoded.value, clientId: client?.id ?? 'will' });
      if (decoded.value.topic === 'heartbeat' && this.answersBeats) this.#answer(decoded.value);
    });
  }

  static async open(port = 0): Promise<ScriptedBridge> {
    const aedes = new Aedes();
    await aedes.listen();
    const server = createServer();
    const sockets = new WebSocketServer({ server, path: '/mqtt' });
    sockets.on('connection', (socket) => {
      const stream = createWebSocketStream(socket);
      stream.on('error', () => socket.terminate());
      aedes.handle(stream);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('expected a port');
    return new ScriptedBridge(aedes, address.port, async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.close();
      await once(server, 'close');
      await new Promise<void>((resolve) => aedes.close(resolve));
    });
  }

  /** Publishes anything anywhere. */
  sendRaw(topic: string, payload: string): void {
    this.#aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined);
  }

  send(feederId: string, command: Command): void {
    this.sendRaw(buildTopic(feederId, 'command'), encode('command', command));
  }

  /** Tells an agent that its records are stored up to a number. */
  stored(feederId: string, spoolId: string, throughSeq: number): void {
    this.sendRaw(buildTopic(feederId, 'records/stored'), encode('records/stored', { spoolId, throughSeq }));
  }

  /** Answers that all of it was stored before. */
  storedBefore(feederId: string, spoolId: string, throughSeq: number): void {
    this.sendRaw(buildTopic(feederId, 'records/stored'), encode('records/stored', { spoolId, throughSeq, known: 1, heldThrough: throughSeq }));
  }

  /** The first message on a topic that passes, taken out of `received`. */
  take<N extends Message['topic']>(topic: N, passes: (payload: Payloads[N]) => boolean = () => true, withinMs?: number): Promise<Payloads[N]> {
    const fits = (message: Message): message is Message & { topic: N; payload: Payloads[N] } => message.topic === topic;
    return eventually(() => {
      for (const [index, message] of this.received.entries()) {
        if (!fits(message) || !passes(message.payload)) continue;
        this.received.splice(index, 1);
        return message.payload;
      }
      return undefined;
    }, withinMs);
  }

  /** Sends a command and resolves with its ack. */
  async ask(feederId: string, command: Command): Promise<Ack> {
    this.send(feederId, command);
    return this.take('ack', ({ commandId }) => commandId === command.commandId);
  }

  /** A change as the bridge would send it now; `more` overrides anything. */
  change(changes: SetConfig['changes'], more: Partial<SetConfig> & { lifeMs?: number } = {}): SetConfig {
    const { lifeMs, ...fields } = more;
    return { kind: 'set-config', version: 1, changes, ...this.#header(lifeMs), ...fields };
  }

  /** An order to feed, likewise. */
  feedNow(grams: number, more: Partial<FeedNow> & { lifeMs?: number } = {}): FeedNow {
    const { lifeMs, ...fields } = more;
    return { kind: 'feed-now', grams, ...this.#header(lifeMs), ...fields };
  }

  /** An order to clear the alarms, likewise. */
  clearAlarms(more: Partial<ClearAlarms> & { lifeMs?: number } = {}): ClearAlarms {
    const { lifeMs, ...fields } = more;
    return { kind: 'clear-alarms', ...this.#header(lifeMs), ...fields };
  }

  #header(lifeMs = 5_000) {
    const issuedAtMs = this.nowMs();
    return { commandId: crypto.randomUUID(), issuedAt: toInstant(issuedAtMs), expiresAt: toInstant(issuedAtMs + lifeMs) };
  }

  /** Cuts every connection. */
  cutAll(): void {
    for (const client of this.#clients) client.conn.destroy();
  }

  async close(): Promise<void> {
    await this.#end();
  }

  #answer({ feederId, payload: { sessionId, seq, sentAt } }: Extract<Message, { topic: 'heartbeat' }>): void {
    const reply = { sessionId, seq, agentSentAt: sentAt, bridgeAt: toInstant(Math.floor(this.nowMs())) };
    this.sendRaw(buildTopic(feederId, 'heartbeat/reply'), encode('heartbeat/reply', reply));
  }
}
