import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from '../topics/commands.ts';
import { fromInstant, toInstant } from '../topics/identifiers.ts';
import type { Heartbeat, HeartbeatReply, Profile, RecordReceipt } from '../topics/payloads.ts';
import { buildTopic, decode, encode, TOPICS, type AgentTopic, type Payload } from '../topics/topics.ts';
import type { BridgeTime, Moment } from './clock.ts';
import { MqttSession } from './mqtt-session.ts';

export type LinkEvent =
  | { kind: 'connected' }
  | { kind: 'disconnected'; why: string }
  | { kind: 'malformed'; topic: string; why: string };

export type LinkDeps = {
  url: string;
  ca: string | undefined;
  feederId: string;
  /** The feeder's token for the session about to be opened; never rejects. */
  readToken: () => Promise<string>;
  heartbeatSeconds: number;
  clock: BridgeTime;
  journalId: string;
  profile: Profile;
  /** What every heartbeat says. */
  vitals: () => Pick<Heartbeat, 'plc' | 'configVersion' | 'uptimeSeconds'>;
  onCommand: (command: Command) => void;
  onReceipt: (receipt: RecordReceipt) => void;
  /** The bridge has told its time; `isFirst` in this session. */
  onClock: (isFirst: boolean) => void;
  onEvent: (event: LinkEvent) => void;
};

const FIRST_BACK_OFF_MS = 500;
const LONGEST_BACK_OFF_MS = 30_000;
/** A session that lasted so many beats ends the growing of the back-off. */
const LASTING_BEATS = 0.5;
/** Beats without a reply after which the link is taken for dead. */
const UNANSWERED_BEATS = 3;
/** How often to look whether the bridge's time is still known. */
const CLOCK_CHECK_MS = 1_000;
/** Of how many beats the time of sending is kept. */
const KEPT_BEATS = 10;

type LiveSession = {
  mqtt: MqttSession;
  sessionId: string;
  seq: number;
  /** When the latest beats without a reply were sent, by sequence number. */
  sentAt: Map<number, Moment>;
  /** Regular beats since the last reply. */
  unanswered: number;
  wasAnswered: boolean;
  /** The bridge has told its time since it was last found lost. */
  isTimeTold: boolean;
};

/** The agent's link to the bridge for one feeder: session after session, with back-off, heartbeats and goodbye. */
export class Link {
  readonly #deps: LinkDeps;
  readonly #stopping = new AbortController();
  #live: LiveSession | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: LinkDeps) {
    this.#deps = deps;
  }

  /** Connects and stays connected until stopped. */
  start(): void {
    this.#running = this.#run();
  }

  /** Publishes if there is a session; whether anyone hears it is not promised. */
  publish<N extends AgentTopic>(topic: N, payload: Payload<N>): void {
    const { qos, retain } = TOPICS[topic];
    this.#live?.mqtt.publish(buildTopic(this.#deps.feederId, topic), encode(topic, payload), { qos, retain });
  }

  /** Beats now, out of turn. */
  beat(): void {
    const live = this.#live;
    if (live === undefined) return;
    const { clock, vitals } = this.#deps;
    const { sessionId, seq } = live;
    live.seq += 1;
    live.sentAt.set(seq, clock.moment());
    for (const old of live.sentAt.keys()) {
      if (old <= seq - KEPT_BEATS) live.sentAt.delete(old);
    }
    // Before the first reply this is the PC's own idea of the time; the bridge only sends it back.
    const sentAt = toInstant(clock.now() ?? Math.floor(clock.moment().wallMs));
    this.publish('heartbeat', { sessionId, seq, sentAt, ...vitals() });
  }

  /** Says goodbye and stops. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const live = this.#live;
    if (live) {
      this.publish('session', { sessionId: live.sessionId, state: 'ended', reason: 'shutdown' });
      await live.mqtt.end();
    }
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    const lastingMs = LASTING_BEATS * this.#deps.heartbeatSeconds * 1000;
    let backOffMs = FIRST_BACK_OFF_MS;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      const wasAnswered = await this.#session();
      // One that does not last is no success: two agents with one token would take over from each other for ever.
      if (wasAnswered && performance.now() - startedAtMs > lastingMs) backOffMs = FIRST_BACK_OFF_MS;
      // Half of it is chance, so that agents that lost the same bridge do not all return at once.
      await delay(backOffMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      backOffMs = Math.min(2 * backOffMs, LONGEST_BACK_OFF_MS);
    }
  }

  /** One session from connect to loss; resolves with whether the bridge ever answered a beat in it. */
  async #session(): Promise<boolean> {
    const { url, ca, feederId, readToken, heartbeatSeconds, clock, onEvent } = this.#deps;
    const token = await readToken();
    if (this.#stopping.signal.aborted) return false;
    const sessionId = randomUUID();
    clock.reset();
    let wasAnswered = false;
    try {
      const mqtt = await MqttSession.open({
        url,
        ca,
        feederId,
        token,
        keepaliveSeconds: Math.ceil(heartbeatSeconds),
        will: {
          topic: buildTopic(feederId, 'session'),
          payload: encode('session', { sessionId, state: 'ended', reason: 'connection-lost' }),
        },
        onMessage: (topic, payload) => this.#receive(topic, payload),
        stopping: this.#stopping.signal,
      });
      const live: LiveSession = { mqtt, sessionId, seq: 0, sentAt: new Map(), unanswered: 0, wasAnswered: false, isTimeTold: false };
      onEvent({ kind: 'connected' });
      const why = await this.#attend(live).finally(() => (wasAnswered = live.wasAnswered));
      onEvent({ kind: 'disconnected', why });
    } catch (error) {
      onEvent({ kind: 'disconnected', why: error instanceof Error ? error.message : String(error) });
    }
    this.#live = undefined;
    clock.reset();
    return wasAnswered;
  }

  /** Introduces itself, beats, and resolves with the reason when the connection is over. */
  async #attend(live: LiveSession): Promise<string> {
    const { feederId, journalId, profile, heartbeatSeconds } = this.#deps;
    this.#live = live;
    const timers = [
      setInterval(() => this.#regularBeat(live), heartbeatSeconds * 1000),
      setInterval(() => this.#checkClock(live), CLOCK_CHECK_MS),
    ];
    try {
      if (this.#stopping.signal.aborted) await live.mqtt.end();
      // Commands may come from the moment on that the bridge knows of the subscription.
      const topics = (['command', 'heartbeat/reply', 'records/stored'] as const).map((name) => buildTopic(feederId, name));
      await live.mqtt.subscribe(topics);
      this.publish('session', { sessionId: live.sessionId, state: 'started', reason: 'connected', journalId });
      this.publish('profile', profile);
      this.beat();
      return await live.mqtt.closed;
    } finally {
      timers.forEach(clearInterval);
      live.mqtt.cut();
    }
  }

  #regularBeat(live: LiveSession): void {
    if (live.unanswered >= UNANSWERED_BEATS) {
      live.mqtt.cut();
      return;
    }
    live.unanswered += 1;
    this.beat();
  }

  /** After a suspension or a clock's adjustment the bridge's time is lost: asks for it, once. */
  #checkClock(live: LiveSession): void {
    if (!live.isTimeTold || this.#deps.clock.isKnown()) return;
    live.isTimeTold = false;
    this.beat();
  }

  #receive(topic: string, payload: Uint8Array): void {
    const { feederId, onCommand, onReceipt, onEvent } = this.#deps;
    const decoded = decode(topic, payload);
    if (!decoded.ok) onEvent({ kind: 'malformed', topic, why: decoded.problem });
    else if (decoded.value.feederId !== feederId) onEvent({ kind: 'malformed', topic, why: 'expected its own feeder' });
    else if (decoded.value.topic === 'command') onCommand(decoded.value.payload);
    else if (decoded.value.topic === 'records/stored') onReceipt(decoded.value.payload);
    else if (decoded.value.topic === 'heartbeat/reply') this.#takeReply(decoded.value.payload);
  }

  #takeReply({ sessionId, seq, bridgeAt }: HeartbeatReply): void {
    const live = this.#live;
    const sentAt = live?.sentAt.get(seq);
    if (live?.sessionId !== sessionId || sentAt === undefined) return;
    live.sentAt.delete(seq);
    live.unanswered = 0;
    live.isTimeTold = true;
    this.#deps.clock.take(sentAt, fromInstant(bridgeAt));
    const isFirst = !live.wasAnswered;
    live.wasAnswered = true;
    this.#deps.onClock(isFirst);
  }
}
