import { Aedes, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket } from 'aedes';
import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { buildTopic, decode, encode, parseTopic, TOPICS, type Message, type Payload, type TopicName } from '../../topics/topics.ts';
import { FeederId } from '../../topics/identifiers.ts';
import { hasControlCharacters, mayPublish, maySubscribe, type Identity } from './access.ts';
import { PacketLimit } from './packet-limit.ts';

/** How long a client may take to send CONNECT, and a frozen one to drain before it is cut off. */
const CONNECT_TIMEOUT_MS = 5_000;
const DRAIN_TIMEOUT_MS = 2_000;
/** Where malformed payloads are routed once they were answered: no filter matches it. */
const NOWHERE = '$nowhere';

/** One MQTT connection of one feeder. */
export type Connection = {
  readonly feederId: string;
  /** From the will, where there is one. */
  readonly willSessionId: string | undefined;
  /** Cuts the connection. */
  close(): void;
};

/** What the broker asks of and tells the rest of the bridge. Handlers return at once. */
export type BrokerEvents = {
  /** Whether this feeder is enrolled with this token. Rejects when that cannot be known now. */
  authenticate: (feederId: string, token: string) => Promise<boolean>;
  connected: (connection: Connection) => void;
  /** The socket is gone, whoever closed it. Told once for each connection. */
  disconnected: (connection: Connection) => void;
  /** The agent now hears its commands. */
  listening: (connection: Connection) => void;
  message: (connection: Connection, message: Message) => void;
  /** A payload that could not be understood; the sender was answered as if it could. */
  malformed: (connection: Connection, topic: string, payload: Uint8Array, problem: string) => void;
  /** Someone was turned away or cut off, for the log. */
  refused: (who: { clientId: string | undefined; address: string | undefined }, why: string) => void;
};

/** A refused subscription stands in the list that Aedes tells as 128 [MQTT-3.9.3]. */
const isGranted = (qos: number): boolean => qos <= 2;

type Peer = { identity: Identity; connection: Connection };

/** CONNACK return codes [MQTT-3.2.2.3]. */
const CONNECT_REFUSED = { identifierRejected: 2, serverUnavailable: 3, badCredentials: 4 } as const;

function refusal(code: keyof typeof CONNECT_REFUSED, why: string): AuthenticateError {
  return Object.assign(new Error(why), { returnCode: CONNECT_REFUSED[code] });
}

const addressOf = (client: Client): string | undefined => client.req?.socket.remoteAddress;

/** The embedded MQTT 3.1.1 broker: who may connect, publish and subscribe, and decoded messages out of packets. */
export class Broker {
  readonly #aedes: Aedes;
  readonly #events: BrokerEvents;
  readonly #peers = new WeakMap<Client, Peer>();
  readonly #wills = new WeakMap<Client, string | undefined>();
  /** The latest connection of each feeder. */
  readonly #registered = new Map<string, Connection>();

  private constructor(events: BrokerEvents) {
    this.#events = events;
    this.#aedes = new Aedes({
      connectTimeout: CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      preConnect: (client, packet, done) => {
        const problem = connectProblem(packet);
        if (problem === undefined) {
          // The broker holds nothing for an agent that is away: every session is a clean one.
          packet.clean = true;
          this.#wills.set(client, willSessionId(packet.will));
        }
        done(problem === undefined ? null : new Error(problem), problem === undefined);
      },
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username, password).then(
          (refused) => done(refused ?? null, refused === undefined),
          (error: unknown) => done(refusal('serverUnavailable', String(error)), false),
        );
      },
      authorizePublish: (client, packet, done) => done(this.#receive(client, packet)),
      authorizeSubscribe: (client, subscription, done) => {
        const peer = this.#peers.get(client);
        const granted = peer !== undefined && maySubscribe(peer.identity, subscription.topic);
        if (!granted) {
          this.#events.refused({ clientId: client.id, address: addressOf(client) }, `subscribing to ${subscription.topic}`);
        }
        // A null subscription is answered with 0x80 [MQTT-3.9.3].
        done(null, granted ? subscription : null);
      },
      // A frozen reader must not stall the others: what may be lost is dropped while its socket is full.
      authorizeForward: (client, packet) => (packet.qos === 0 && client.conn.writableNeedDrain ? null : packet),
    });
    this.#aedes.on('client', (client) => this.#closeEarlier(client));
    this.#aedes.on('subscribe', (subscriptions, client) => {
      const peer = this.#peers.get(client);
      if (peer === undefined) return;
      const commands = buildTopic(peer.identity.feederId, 'command');
      if (subscriptions.some(({ topic, qos }) => topic === commands && isGranted(qos))) {
        this.#events.listening(peer.connection);
      }
    });
    const report = (client: Client, error: Error) =>
      this.#events.refused({ clientId: client.id, address: addressOf(client) }, error.message);
    this.#aedes.on('clientError', report);
    this.#aedes.on('connectionError', report);
    // Emitted for failures inside the broker; unhandled it would end the process.
    this.#aedes.addListener('error', (error: Error) =>
      this.#events.refused({ clientId: undefined, address: undefined }, `broker: ${error.message}`),
    );
  }

  /** A broker that is ready to accept streams. */
  static async start(events: BrokerEvents): Promise<Broker> {
    const broker = new Broker(events);
    await broker.#aedes.listen();
    return broker;
  }

  /** Serves MQTT on a byte stream, be it a TCP socket or a WebSocket. */
  accept(stream: Duplex, request?: IncomingMessage): void {
    const client = this.#aedes.handle(stream, request);
    const limit = new PacketLimit();
    // Aedes reads on 'readable'; its reads come by here as 'data' on their way to the parser.
    stream.on('data', (chunk: Buffer) => {
      if (!limit.accepts(chunk)) stream.destroy(new Error('packet too large'));
    });
    stream.once('close', () => {
      const peer = this.#peers.get(client);
      if (peer === undefined) return;
      if (this.#registered.get(peer.connection.feederId) === peer.connection) this.#registered.delete(peer.connection.feederId);
      this.#events.disconnected(peer.connection);
    });
  }

  /** Publishes to whoever subscribes; QoS and retain are the topic's own. Nothing is promised about receipt. */
  publish<N extends TopicName>(feederId: string, topic: N, payload: Payload<N>): void {
    this.#publishBytes(feederId, topic, encode(topic, payload));
  }

  /** Forgets the retained messages of a feeder. */
  clearRetained(feederId: string): void {
    for (const topic of ['presence', 'profile', 'config', 'state'] as const) this.#publishBytes(feederId, topic, '');
  }

  /** Cuts every connection and stops. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #publishBytes(feederId: string, name: TopicName, payload: string): void {
    const { qos, retain } = TOPICS[name];
    const topic = buildTopic(feederId, name);
    this.#aedes.publish({ cmd: 'publish', topic, payload, qos, retain, dup: false }, (error) => {
      if (error) this.#events.refused({ clientId: undefined, address: undefined }, `publishing ${topic}: ${error.message}`);
    });
  }

  async #authenticate(client: Client, username: string | undefined, password: Buffer | undefined): Promise<AuthenticateError | undefined> {
    const feederId = username ?? '';
    if (!FeederId.safeParse(feederId).success || client.id !== feederId) {
      return refusal('identifierRejected', 'expected the feeder id as user name and as client id');
    }
    const known = await this.#events.authenticate(feederId, password?.toString('utf8') ?? '');
    if (!known) return refusal('badCredentials', 'expected the id of an enrolled feeder and its token');
    const connection: Connection = {
      feederId,
      willSessionId: this.#wills.get(client),
      close: () => client.conn.destroy(),
    };
    if (client.conn.destroyed) return refusal('serverUnavailable', 'the connection was lost before it was let in');
    this.#peers.set(client, { identity: { kind: 'feeder', feederId }, connection });
    // Told before Aedes closes an earlier connection of this feeder and publishes its will: that one is over by then.
    this.#events.connected(connection);
    return undefined;
  }

  /** Aedes has closed an earlier connection with this client id; one that it lost track of is closed here. */
  #closeEarlier(client: Client): void {
    const connection = this.#peers.get(client)?.connection;
    if (connection === undefined) return;
    this.#registered.get(connection.feederId)?.close();
    this.#registered.set(connection.feederId, connection);
  }

  /** Checks a packet, hands it on decoded, and leaves it to be routed; returns an error to cut the connection. */
  #receive(client: Client | null, packet: PublishPacket): Error | undefined {
    const peer = client ? this.#peers.get(client) : undefined;
    if (peer === undefined) return new Error('publishing without a session');
    if (!mayPublish(peer.identity, packet.topic)) return new Error(`may not publish on ${packet.topic}`);
    const bytes = Buffer.from(packet.payload);
    const decoded = decode(packet.topic, bytes);
    if (!decoded.ok) {
      // An error here would close the connection, and the client would send the same again on its return.
      this.#events.malformed(peer.connection, packet.topic, bytes, decoded.problem);
      Object.assign(packet, { topic: NOWHERE, payload: '', retain: false });
      return undefined;
    }
    packet.retain = TOPICS[decoded.value.topic].retain;
    this.#events.message(peer.connection, decoded.value);
    return undefined;
  }
}

/** What is wrong with a CONNECT packet before anyone's password is looked at. */
function connectProblem({ clientId, keepalive = 0, username = '', will }: ConnectPacket): string | undefined {
  if (hasControlCharacters(clientId) || hasControlCharacters(username)) return 'expected ids without control characters';
  // A keepalive of 0 would never time out [MQTT-3.1.2-24].
  if (keepalive === 0) return 'expected a keepalive of at least 1 s';
  if (will === undefined) return undefined;
  const topic = parseTopic(will.topic);
  if (topic?.name !== 'session' || topic.feederId !== clientId) return `expected the will on feeder/${clientId}/session`;
  if ((will.qos ?? 0) > 2) return 'expected a will of QoS 0, 1 or 2';
  return willSessionId(will) === undefined ? 'expected the will to be a session notice that says "ended"' : undefined;
}

function willSessionId(will: ConnectPacket['will']): string | undefined {
  if (will === undefined) return undefined;
  const decoded = decode(will.topic, Buffer.from(will.payload));
  if (!decoded.ok || decoded.value.topic !== 'session' || decoded.value.payload.state !== 'ended') return undefined;
  return decoded.value.payload.sessionId;
}
