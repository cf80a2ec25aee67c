import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { Duplex } from 'node:stream';
import { buildTopic, decode, encode, parseTopic, TOPICS, type Message, type Payload, type TopicName } from '../../topics/topics.ts';
import { FeederId } from '../../topics/identifiers.ts';
import { mayPublish, mayReceive, maySubscribe, type Identity, type SiteLooker } from './access.ts';
import { admit } from './backlog.ts';
import { admitted, connectProblem, isSiteLogin, refusal, type Asked } from './connect-packet.ts';
import { countedAs, isReplayed } from './numbering.ts';
import { PacketLimit } from './packet-limit.ts';

/** How long a client may take to send CONNECT, and a frozen one to drain before it is cut off. */
const CONNECT_TIMEOUT_MS = 5_000;
const DRAIN_TIMEOUT_MS = 2_000;
/** MQTT 3.1 allows 23 characters; who uses it may have a longer one here, as later versions do. */
const MAX_CLIENT_ID_LENGTH = 65_535;
/** More filters than an agent or explorer ever asks for, over the whole of a connection: each costs time and memory. */
const MAX_FILTERS = 32;
/** More explorers than ever share a site login. */
const MAX_CONNECTIONS_OF_LOGIN = 20;
/** How much of what a client wrote is told in the log. */
const MAX_TOLD_LENGTH = 200;
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
  /** Whether this feeder is enrolled with this token. */
  authenticateFeeder: (feederId: string, token: string) => boolean;
  /** The site login with this user name and password. */
  authenticateSiteLogin: (username: string, password: string) => { siteLoginId: string; site: string } | undefined;
  isEnrolled: (feederId: string) => boolean;
  /** The site of a feeder, also of one that was removed a moment ago. */
  siteOf: (feederId: string) => string | undefined;
  /** A feeder is let in. */
  connected: (connection: Connection) => void;
  /** A feeder's socket is gone, whoever closed it. Told once for each connection. */
  disconnected: (connection: Connection) => void;
  /** The agent now hears its commands. */
  listening: (connection: Connection) => void;
  message: (connection: Connection, message: Message) => void;
  /** A payload that could not be understood; the sender was answered as if it could. */
  malformed: (connection: Connection, topic: string, payload: Uint8Array, problem: string) => void;
  /** A packet asked for what its sender may not do. */
  notAllowed: () => void;
  /** Someone was turned away or cut off, for the log. */
  refused: (who: { clientId: string | undefined; address: string | undefined }, why: string) => void;
};

/** A refused subscription stands in the list that Aedes tells as 128 [MQTT-3.9.3]. */
const isGranted = (qos: number): boolean => qos <= 2;

/** Who has been let in. */
type Peer = { kind: 'feeder'; feederId: string; connection: Connection } | SiteLooker;

/** The embedded MQTT 3.1.1 broker: who may connect, publish and subscribe, and decoded messages out of packets. */
export class Broker {
  readonly #aedes: Aedes;
  readonly #events: BrokerEvents;
  readonly #peers = new WeakMap<Client, Peer>();
  readonly #addresses = new WeakMap<Client, string>();
  readonly #asked = new WeakMap<Client, Asked>();
  /** How many filters each has asked for, granted or not. */
  readonly #filters = new WeakMap<Client, number>();
  /** How much each was sent of what is retained. */
  readonly #replayedBytes = new WeakMap<Client, number>();
  readonly #connections: Record<Identity['kind'], number> = { feeder: 0, 'site-login': 0 };
  /** The latest connection of each feeder. */
  readonly #registered = new Map<string, Connection>();
  /** Every connection of a site login. */
  readonly #lookers = new Map<Client, SiteLooker>();

  private constructor(events: BrokerEvents) {
    this.#events = events;
    this.#aedes = new Aedes({
      connectTimeout: CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      maxClientsIdLength: MAX_CLIENT_ID_LENGTH,
      preConnect: (client, packet, done) => {
        const problem = connectProblem(packet);
        if (problem === undefined) this.#asked.set(client, admitted(packet));
        done(problem === undefined ? null : new Error(problem), problem === undefined);
      },
      authenticate: (client, username, password, done) => {
        const refused = this.#authenticate(client, username ?? '', password?.toString('utf8') ?? '');
        done(refused ?? null, refused === undefined);
      },
      authorizePublish: (client, packet, done) => done(this.#receive(client, packet)),
      authorizeSubscribe: (client, subscription, done) => {
        const filters = (this.#filters.get(client) ?? 0) + 1;
        this.#filters.set(client, filters);
        if (filters > MAX_FILTERS) {
          this.#events.notAllowed();
          done(new Error(`expected at most ${MAX_FILTERS} filters on one connection`));
          return;
        }
        const peer = this.#peers.get(client);
        const granted = peer !== undefined && maySubscribe(peer, subscription.topic);
        if (!granted) {
          this.#refused(client, `subscribing to ${subscription.topic}`);
          this.#events.notAllowed();
        }
        // Whoever only looks on can do without receipts; Aedes' SUBACK still names the QoS that was asked for.
        if (peer?.kind === 'site-login') subscription.qos = 0;
        // A null subscription is answered with 0x80 [MQTT-3.9.3].
        done(null, granted ? subscription : null);
      },
      authorizeForward: (client, packet) => this.#forward(client, packet),
    });
    this.#aedes.on('client', (client) => this.#closeEarlier(client));
    this.#aedes.on('subscribe', (subscriptions, client) => {
      const peer = this.#peers.get(client);
      if (peer?.kind !== 'feeder') return;
      const commands = buildTopic(peer.feederId, 'command');
      if (subscriptions.some(({ topic, qos }) => topic === commands && isGranted(qos))) {
        this.#events.listening(peer.connection);
      }
    });
    const report = (client: Client, error: Error): void => this.#refused(client, error.message);
    this.#aedes.on('clientError', report);
    this.#aedes.on('connectionError', report);
    // Emitted for failures inside the broker; unhandled it would end the process.
    this.#aedes.addListener('error', (error: Error) => this.#refused(undefined, `broker: ${error.message}`));
  }

  /** A broker that is ready to accept streams. */
  static async start(events: BrokerEvents): Promise<Broker> {
    const broker = new Broker(events);
    await broker.#aedes.listen();
    return broker;
  }

  /** Serves MQTT on a byte stream, be it a TCP socket or a WebSocket; `address` is where it comes from. */
  accept(stream: Duplex, address: string | undefined): void {
    const client = this.#aedes.handle(stream);
    if (address !== undefined) this.#addresses.set(client, address);
    const limit = new PacketLimit();
    // Aedes reads on 'readable'; its reads come by here as 'data' on their way to the parser.
    stream.on('data', (chunk: Buffer) => {
      if (!limit.accepts(chunk)) stream.destroy(new Error('packet too large'));
    });
    stream.once('close', () => {
      const peer = this.#peers.get(client);
      if (peer === undefined) return;
      this.#connections[peer.kind] -= 1;
      this.#lookers.delete(client);
      if (peer.kind !== 'feeder') return;
      if (this.#registered.get(peer.feederId) === peer.connection) this.#registered.delete(peer.feederId);
      this.#events.disconnected(peer.connection);
    });
  }

  /**
   * Publishes to whoever subscribes; QoS and retain are the topic's own. Nothing is promised about receipt: `onWritten`
   * is called when it is on the connections of those who are there.
   */
  publish<N extends TopicName>(feederId: string, topic: N, payload: Payload<N>, onWritten?: () => void): void {
    this.#publishBytes(feederId, topic, encode(topic, payload), onWritten);
  }

  /** How many connections there are, by who is connected. */
  connections(): Readonly<Record<Identity['kind'], number>> {
    return this.#connections;
  }

  /** Forgets the retained messages of a feeder. */
  clearRetained(feederId: string): void {
    for (const topic of ['presence', 'profile', 'config', 'state'] as const) this.#publishBytes(feederId, topic, '');
  }

  /** Cuts every connection of a site login. */
  cutSiteLogin(siteLoginId: string): void {
    for (const [client, looker] of this.#lookers) if (looker.siteLoginId === siteLoginId) client.conn.destroy();
  }

  /** Cuts every connection and stops. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #publishBytes(feederId: string, name: TopicName, payload: string, onWritten?: () => void): void {
    const { qos, retain } = TOPICS[name];
    const topic = buildTopic(feederId, name);
    const packet = { cmd: 'publish' as const, topic, payload, qos, retain, dup: false, ...countedAs(name, qos) };
    this.#aedes.publish(packet, (error) => {
      if (error) this.#refused(undefined, `publishing ${topic}: ${error.message}`);
      else onWritten?.();
    });
  }

  #refused(client: Client | undefined, why: string): void {
    // Before CONNECT it has none, whatever its type says.
    const clientId: unknown = client?.id;
    const told = typeof clientId === 'string' ? clientId.slice(0, MAX_TOLD_LENGTH) : undefined;
    this.#events.refused({ clientId: told, address: client && this.#addresses.get(client) }, why.slice(0, MAX_TOLD_LENGTH));
  }

  /** Lets a client in, or says why not. */
  #authenticate(client: Client, username: string, password: string): AuthenticateError | undefined {
    const peer = isSiteLogin(username) ? this.#findLooker(client, username, password) : this.#findFeeder(client, username, password);
    if (peer instanceof Error) return peer;
    if (client.conn.destroyed) return refusal('serverUnavailable', 'the connection was lost before it was let in');
    this.#peers.set(client, peer);
    this.#connections[peer.kind] += 1;
    if (peer.kind === 'site-login') this.#lookers.set(client, peer);
    // Told before Aedes closes an earlier connection of this feeder and publishes its will: that one is over by then.
    else this.#events.connected(peer.connection);
    return undefined;
  }

  #findFeeder(client: Client, feederId: string, token: string): Peer | AuthenticateError {
    if (!FeederId.safeParse(feederId).success || client.id !== feederId) {
      return refusal('identifierRejected', 'expected the feeder id as user name and as client id');
    }
    if (!this.#events.authenticateFeeder(feederId, token)) {
      return refusal('badCredentials', 'expected the id of an enrolled feeder and its token');
    }
    const connection = { feederId, willSessionId: this.#asked.get(client)?.willSessionId, close: () => client.conn.destroy() };
    return { kind: 'feeder', feederId, connection };
  }

  #findLooker(client: Client, username: string, password: string): Peer | AuthenticateError {
    const login = this.#events.authenticateSiteLogin(username, password);
    if (login === undefined) return refusal('badCredentials', 'expected the user name and password of a site login that has not expired');
    if (this.#events.isEnrolled(this.#asked.get(client)?.clientId ?? '')) {
      return refusal('identifierRejected', "expected a client id that is not an enrolled feeder's");
    }
    const others = [...this.#lookers.values()].filter(({ siteLoginId }) => siteLoginId === login.siteLoginId);
    if (others.length >= MAX_CONNECTIONS_OF_LOGIN) {
      return refusal('serverUnavailable', `expected at most ${MAX_CONNECTIONS_OF_LOGIN} connections of one site login`);
    }
    return { kind: 'site-login', siteLoginId: login.siteLoginId, site: login.site };
  }

  /** Aedes has closed an earlier connection with this client id; one that it lost track of is closed here. */
  #closeEarlier(client: Client): void {
    const peer = this.#peers.get(client);
    if (peer?.kind !== 'feeder') return;
    this.#registered.get(peer.feederId)?.close();
    this.#registered.set(peer.feederId, peer.connection);
  }

  /** Checks a packet, hands it on decoded, and leaves it to be routed; returns an error to cut the connection. */
  #receive(client: Client | null, packet: PublishPacket): Error | undefined {
    const peer = client ? this.#peers.get(client) : undefined;
    if (peer === undefined) return new Error('publishing without a session');
    if (peer.kind !== 'feeder' || !mayPublish(peer, packet.topic)) {
      this.#events.notAllowed();
      return new Error(`may not publish on ${packet.topic}`);
    }
    const bytes = Buffer.from(packet.payload);
    const decoded = decode(packet.topic, bytes);
    if (!decoded.ok) {
      // An error here would close the connection, and the client would send the same again on its return.
      this.#events.malformed(peer.connection, packet.topic, bytes, decoded.problem);
      Object.assign(packet, { topic: NOWHERE, payload: '', retain: false });
      return undefined;
    }
    packet.retain = TOPICS[decoded.value.topic].retain;
    Object.assign(packet, countedAs(decoded.value.topic, packet.qos));
    this.#events.message(peer.connection, decoded.value);
    return undefined;
  }

  /** What a subscriber gets of a message; null: nothing. Nobody ever waits for one that does not read. */
  #forward(client: Client, packet: AedesPublishPacket): AedesPublishPacket | null {
    const peer = this.#peers.get(client);
    const topic = parseTopic(packet.topic);
    if (peer === undefined || topic === undefined || client.conn.destroyed) return null;
    if (!mayReceive(peer, this.#events.siteOf(topic.feederId))) return null;
    const handedOn = peer.kind === 'site-login' ? { ...packet, qos: 0 as const } : packet;
    const replayedBytes = this.#replayedBytes.get(client) ?? 0;
    if (isReplayed(packet)) {
      this.#replayedBytes.set(client, replayedBytes + packet.topic.length + packet.payload.length);
      return handedOn;
    }
    // What is empty clears a retained message.
    const mayBeLost = TOPICS[topic.name].qos === 0 && packet.payload.length > 0;
    switch (admit(client.conn.writableLength, replayedBytes, mayBeLost)) {
      case 'send':
        return handedOn;
      case 'drop':
        return null;
      case 'cut':
        client.conn.destroy(new Error('does not read what it subscribed to'));
        return null;
    }
  }
}
