import { Aedes, type AedesPublishPacket, type AuthenticateError, type Client, type ConnectPacket, type PublishPacket, type Subscription } from 'aedes';
import type { Duplex } from 'node:stream';
import { buildTopic, decode, encode, parseTopic, TOPICS, type Payload, type TopicName } from '../../topics/topics.ts';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Timers } from '../../machine/timers.ts';
import { mayPublish, mayReceive, maySubscribe, type Identity, type SiteLooker } from './access.ts';
import type { Admission } from './admission.ts';
import { Allowance } from './allowance.ts';
import { admit } from './backlog.ts';
import type { BrokerEvents, Connection } from './broker-events.ts';
import { admitted, connectProblem, refusal, type Asked } from './connect-packet.ts';
import { Doorstep } from './doorstep.ts';
import { Entrance, type Peer } from './entrance.ts';
import { countedAs, isReplayed } from './numbering.ts';
import { PacketLimit } from './packet-limit.ts';
import { MAX_TOLD_LENGTH, type Refusal } from './refusal.ts';

/** How long a client may take to send CONNECT, and a frozen one to drain before it is cut off. */
const CONNECT_TIMEOUT_MS = 5_000;
const DRAIN_TIMEOUT_MS = 2_000;
/** MQTT 3.1 allows 23 characters; who uses it may have a longer one here, as later versions do. */
const MAX_CLIENT_ID_LENGTH = 65_535;
/** More filters than an agent or explorer ever asks for, over the whole of a connection: each costs time and memory. */
const MAX_FILTERS = 32;
/** A packet is in one WebSocket frame, or in a few. */
const PACKETS_PER_FRAME = 1 / 8;
/** What is kept in quarantine is written down, which costs more than what is understood. */
const PACKETS_PER_MALFORMED = 20;
/** Where malformed payloads are routed once they were answered: no filter matches it. */
const NOWHERE = '$nowhere';

/** A refused subscription stands in the list that Aedes tells as 128 [MQTT-3.9.3]. */
const isGranted = (qos: number): boolean => qos <= 2;

/** What is known of a connection. */
type Guest = {
  readonly address: string | undefined;
  readonly limit: PacketLimit;
  /** No longer waits to be let in; once. */
  leaveDoorstep: () => void;
  asked: Asked | undefined;
  /** Undefined until it is let in. */
  peer: Peer | undefined;
  /** How many filters it has asked for, granted or not. */
  filters: number;
  /** How much it was sent of what is retained. */
  replayedBytes: number;
  /** Why it ends has been told. */
  isTold: boolean;
};

/** The embedded MQTT 3.1.1 broker: who may connect, publish and subscribe, and decoded messages out of packets. */
export class Broker {
  readonly #aedes: Aedes;
  readonly #events: BrokerEvents;
  /** Where everyone waits to be let in, over whatever port. */
  readonly doorstep: Doorstep;
  readonly #allowance: Allowance;
  readonly #entrance: Entrance;
  readonly #guests = new WeakMap<Client, Guest>();
  readonly #connections: Record<Identity['kind'], number> = { feeder: 0, 'site-login': 0 };
  /** The latest connection of each feeder. */
  readonly #registered = new Map<string, Connection>();
  /** Every connection of a site login. */
  readonly #lookers = new Map<Client, SiteLooker>();

  private constructor(events: BrokerEvents, clock: Pick<MachineClocks, 'monotonicMs'>, timers: Timers, openFiles: number) {
    this.#events = events;
    this.doorstep = new Doorstep(clock, timers, openFiles);
    this.#allowance = new Allowance(clock);
    this.#entrance = new Entrance({ ...events, allowance: this.#allowance, connectionsOf: (siteLoginId, besideClientId) => this.#clientsOf(siteLoginId).filter(({ id }) => id !== besideClientId).length });
    this.#aedes = new Aedes({
      connectTimeout: CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      maxClientsIdLength: MAX_CLIENT_ID_LENGTH,
      preConnect: (client, packet, done) => {
        const problem = this.#checkConnect(client, packet);
        done(problem ?? null, problem === undefined);
      },
      authenticate: (client, username, password, done) => {
        this.#authenticate(client, username ?? '', password?.toString('utf8') ?? '', (refused) => done(refused ?? null, refused === undefined));
      },
      authorizePublish: (client, packet, done) => done(this.#receive(client, packet)),
      authorizeSubscribe: (client, subscription, done) => {
        const granted = this.#grant(client, subscription);
        if (granted instanceof Error) done(granted);
        // A null subscription is answered with 0x80 [MQTT-3.9.3].
        else done(null, granted ? subscription : null);
      },
      authorizeForward: (client, packet) => this.#forward(client, packet),
    });
    this.#aedes.on('client', (client) => this.#closeEarlier(client));
    this.#aedes.on('subscribe', (subscriptions, client) => {
      const peer = this.#guests.get(client)?.peer;
      if (peer?.kind !== 'feeder') return;
      const commands = buildTopic(peer.feederId, 'command');
      if (subscriptions.some(({ topic, qos }) => topic === commands && isGranted(qos))) this.#events.listening(peer.connection);
    });
    const report = (client: Client, error: Error): void => this.#failed(client, error.message);
    this.#aedes.on('clientError', report);
    this.#aedes.on('connectionError', report);
    // Emitted for failures inside the broker; unhandled it would end the process.
    this.#aedes.addListener('error', (error: Error) => this.#failed(undefined, `broker: ${error.message}`));
  }

  /** A broker that is ready to accept streams, in a process that may have so many files open. */
  static async start(events: BrokerEvents, clock: Pick<MachineClocks, 'monotonicMs'>, timers: Timers, openFiles: number): Promise<Broker> {
    const broker = new Broker(events, clock, timers, openFiles);
    await broker.#aedes.listen();
    return broker;
  }

  /**
   * Serves MQTT on a byte stream, be it a TCP socket or a WebSocket; `address` is where it comes from. Where too many wait
   * to be let in the stream is cut.
   */
  accept(stream: Duplex, address: string | undefined): Admission {
    const leaveDoorstep = this.doorstep.enter(address);
    if (leaveDoorstep === undefined) {
      this.#events.refused({ identity: undefined, clientId: undefined, address, action: 'mqttConnect', code: 'rate-limited', why: 'too many wait to be let in' });
      stream.destroy();
      return { isLetIn: () => false, takeFrame: () => undefined };
    }
    const client = this.#aedes.handle(stream);
    const guest: Guest = { address, limit: new PacketLimit(), leaveDoorstep, asked: undefined, peer: undefined, filters: 0, replayedBytes: 0, isTold: false };
    this.#guests.set(client, guest);
    // Aedes reads on 'readable'; its reads come by here as 'data' on their way to the parser.
    stream.on('data', (chunk: Buffer) => this.#weigh(client, guest, chunk));
    stream.once('close', () => this.#left(client, guest));
    return {
      isLetIn: () => guest.peer !== undefined,
      takeFrame: () => this.#charge(client, guest, { packets: PACKETS_PER_FRAME, bytes: 0 }),
    };
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
    for (const client of this.#clientsOf(siteLoginId)) client.conn.destroy();
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
      if (error) this.#failed(undefined, `publishing ${topic}: ${error.message}`);
      else onWritten?.();
    });
  }

  #clientsOf(siteLoginId: string): Client[] {
    return [...this.#lookers].flatMap(([client, looker]) => (looker.siteLoginId === siteLoginId ? [client] : []));
  }

  /** Tells what somebody tried and may not. */
  #refused(client: Client, action: Refusal['action'], code: Refusal['code'], why: string): void {
    const guest = this.#guests.get(client);
    if (guest !== undefined) guest.isTold = true;
    const { clientId } = this.#nameOf(client);
    this.#events.refused({ identity: guest?.peer, clientId, address: guest?.address, action, code, why: why.slice(0, MAX_TOLD_LENGTH) });
  }

  #failed(client: Client | undefined, why: string): void {
    if (client !== undefined && this.#guests.get(client)?.isTold) return;
    this.#events.failed(this.#nameOf(client), why.slice(0, MAX_TOLD_LENGTH));
  }

  #nameOf(client: Client | undefined): { clientId: string | undefined; address: string | undefined } {
    const guest = client && this.#guests.get(client);
    // Before CONNECT it has none, whatever its type says.
    const id: unknown = client?.id ?? guest?.asked?.clientId;
    return { clientId: typeof id === 'string' ? id.slice(0, MAX_TOLD_LENGTH) : undefined, address: guest?.address };
  }

  /** Cuts off whoever sends more than it may, before any of it is parsed. */
  #weigh(client: Client, guest: Guest, chunk: Buffer): void {
    if (guest.limit.accepts(chunk)) this.#charge(client, guest, { packets: guest.limit.takeCount(), bytes: chunk.length });
    else this.#cut(client, 'malformed', 'expected CONNECT first, and no packet to be too large');
  }

  #charge(client: Client, guest: Guest, sent: { packets: number; bytes: number }): void {
    if (guest.peer === undefined || client.closed || this.#allowance.send(guest.peer, sent)) return;
    this.#cut(client, 'rate-limited', 'sends more than one identity may in a time');
  }

  /** Aedes parses nothing more from now on, and so does not get through what else was read. */
  #cut(client: Client, code: Refusal['code'], why: string): void {
    this.#refused(client, 'mqttSend', code, why);
    client.close();
    client.conn.destroy();
  }

  #left(client: Client, guest: Guest): void {
    const { peer } = guest;
    if (peer === undefined) {
      guest.leaveDoorstep();
      return;
    }
    this.#connections[peer.kind] -= 1;
    this.#lookers.delete(client);
    if (peer.kind !== 'feeder') return;
    if (this.#registered.get(peer.feederId) === peer.connection) this.#registered.delete(peer.feederId);
    this.#events.disconnected(peer.connection);
  }

  #checkConnect(client: Client, packet: ConnectPacket): Error | undefined {
    const guest = this.#guests.get(client);
    if (guest === undefined) return new Error('connecting on a stream that was not accepted');
    const problem = connectProblem(packet);
    if (problem === undefined) {
      guest.asked = admitted(packet);
      return undefined;
    }
    this.#refused(client, 'mqttConnect', 'forbidden', problem);
    return new Error(problem);
  }

  /** Lets a client in, or says why not; slowly to whoever guesses. */
  #authenticate(client: Client, username: string, password: string, answer: (refused?: AuthenticateError) => void): void {
    const guest = this.#guests.get(client);
    if (guest?.asked === undefined || client.conn.destroyed) {
      answer(refusal('serverUnavailable', 'the connection was lost before it was let in'));
      return;
    }
    const close = (): void => void client.conn.destroy();
    const peer = this.#entrance.find({ clientId: client.id, asked: guest.asked, username, password, close });
    if (peer.kind === 'turned-away') {
      this.#refused(client, 'mqttConnect', peer.code, peer.error.message);
      const turnAway = (): void => answer(peer.error);
      if (peer.code !== 'unauthenticated') turnAway();
      else if (!this.doorstep.answerFailure(guest.address, turnAway)) close();
      return;
    }
    guest.peer = peer;
    guest.leaveDoorstep();
    this.#connections[peer.kind] += 1;
    if (peer.kind === 'site-login') this.#lookers.set(client, peer);
    // Told before Aedes closes an earlier connection of this feeder and publishes its will: that one is over by then.
    else this.#events.connected(peer.connection);
    answer();
  }

  /** What is told of a topic: it names a feeder that is there, or is whatever a client wrote, perhaps a secret in the wrong place. */
  #named(topic: string): string {
    const parsed = parseTopic(topic);
    return parsed !== undefined && this.#events.siteOf(parsed.feederId) !== undefined ? topic : 'what is no topic of a feeder that is here';
  }

  /** Aedes has closed an earlier connection with this client id; one that it lost track of is closed here. */
  #closeEarlier(client: Client): void {
    const peer = this.#guests.get(client)?.peer;
    if (peer?.kind !== 'feeder') return;
    this.#registered.get(peer.feederId)?.close();
    this.#registered.set(peer.feederId, peer.connection);
  }

  /** Whether a subscription is granted; an error to cut the connection. */
  #grant(client: Client, subscription: Subscription): boolean | Error {
    const guest = this.#guests.get(client);
    if (guest?.peer === undefined || client.conn.destroyed) return new Error('subscribing without a session');
    guest.filters += 1;
    if (guest.filters > MAX_FILTERS) {
      const why = `expected at most ${MAX_FILTERS} filters on one connection`;
      if (guest.filters === MAX_FILTERS + 1) this.#refused(client, 'mqttSubscribe', 'rate-limited', why);
      return new Error(why);
    }
    const granted = maySubscribe(guest.peer, subscription.topic);
    if (!granted) this.#refused(client, 'mqttSubscribe', 'forbidden', `subscribing to ${this.#named(subscription.topic)}`);
    // Whoever only looks on can do without receipts; Aedes' SUBACK still names the QoS that was asked for.
    if (guest.peer.kind === 'site-login') subscription.qos = 0;
    return granted;
  }

  /** Checks a packet, hands it on decoded, and leaves it to be routed; returns an error to cut the connection. */
  #receive(client: Client | null, packet: PublishPacket): Error | undefined {
    const guest = client ? this.#guests.get(client) : undefined;
    const peer = guest?.peer;
    if (client === null || guest === undefined || peer === undefined) return new Error('publishing without a session');
    // Read, but not yet handled, when it was cut off. Its will comes once Aedes has closed it.
    if (client.conn.destroyed && !client.closed) return new Error('publishing after the end of the session');
    if (peer.kind !== 'feeder' || !mayPublish(peer, packet.topic)) {
      this.#refused(client, 'mqttPublish', 'forbidden', `publishing on ${this.#named(packet.topic)}`);
      return new Error(`may not publish on ${packet.topic}`);
    }
    const bytes = Buffer.from(packet.payload);
    const decoded = decode(packet.topic, bytes);
    if (!decoded.ok) {
      // An error here would close the connection, and the client would send the same again on its return.
      this.#events.malformed(peer.connection, packet.topic, bytes, decoded.problem);
      this.#charge(client, guest, { packets: PACKETS_PER_MALFORMED - 1, bytes: 0 });
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
    const guest = this.#guests.get(client);
    const topic = parseTopic(packet.topic);
    if (guest?.peer === undefined || topic === undefined || client.conn.destroyed) return null;
    if (!mayReceive(guest.peer, this.#events.siteOf(topic.feederId))) return null;
    const handedOn = guest.peer.kind === 'site-login' ? { ...packet, qos: 0 as const } : packet;
    if (isReplayed(packet)) {
      guest.replayedBytes += packet.topic.length + packet.payload.length;
      return handedOn;
    }
    // What is empty clears a retained message.
    const mayBeLost = TOPICS[topic.name].qos === 0 && packet.payload.length > 0;
    switch (admit(client.conn.writableLength, guest.replayedBytes, mayBeLost)) {
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
