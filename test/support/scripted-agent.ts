import { randomUUID } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import type { Ack, Command, SetConfig } from '../../topics/commands.ts';
import { toInstant } from '../../topics/identifiers.ts';
import type { Profile } from '../../topics/payloads.ts';
import type { Values } from '../../topics/parameters.ts';
import { buildTopic, decode, encode, TOPICS, type AgentTopic, type Message, type Payload } from '../../topics/topics.ts';

export const PROFILE: Profile = {
  agentVersion: 'scripted',
  registerMap: { name: 'scripted', sha256: '0'.repeat(64) },
  parameters: [
    { name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5000, step: 1 },
    { name: 'intervalSeconds', type: 'integer', unit: 's', min: 60, max: 86_400, step: 1 },
    { name: 'oxygenStopMgPerLitre', type: 'number', unit: 'mg/L', min: 0, max: 20, step: 0.1 },
    { name: 'feedingEnabled', type: 'boolean', unit: '' },
  ],
  kinds: ['set-config', 'feed-now', 'clear-alarms'],
};

export const VALUES: Values = { mealGrams: 100, intervalSeconds: 3600, oxygenStopMgPerLitre: 5, feedingEnabled: true };

type Options = {
  wsUrl: string;
  feederId: string;
  token: string;
  /** False: no will, so that the session id is told by the first message. */
  will?: boolean;
  clientId?: string;
};

/** An agent that does exactly what a test tells it to, over the wire contract alone. */
export class ScriptedAgent {
  readonly feederId: string;
  readonly sessionId: string;
  readonly client: MqttClient;
  #seq = 0;
  readonly #received: Message[] = [];
  readonly #waiters = new Set<() => void>();

  private constructor(feederId: string, sessionId: string, client: MqttClient) {
    this.feederId = feederId;
    this.sessionId = sessionId;
    this.client = client;
  }

  /** Connects and subscribes, and says nothing yet; rejects when it is not let in. Ends with the test. */
  static async connect({ wsUrl, feederId, token, will = true, clientId = feederId }: Options): Promise<ScriptedAgent> {
    const sessionId = randomUUID();
    const client = await connectAsync(wsUrl, {
      clientId,
      username: feederId,
      password: token,
      protocolVersion: 4,
      clean: true,
      keepalive: 30,
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      ...(will && {
        will: {
          topic: buildTopic(feederId, 'session'),
          payload: Buffer.from(encode('session', { sessionId, state: 'ended', reason: 'connection-lost' })),
          qos: 1,
          retain: false,
        },
      }),
    }, false);
    client.on('error', () => undefined);
    const agent = new ScriptedAgent(feederId, sessionId, client);
    client.on('message', (topic, payload) => {
      const decoded = decode(topic, payload);
      if (!decoded.ok) throw new Error(`the bridge sent what it should not: ${topic}: ${decoded.problem}`);
      agent.#received.push(decoded.value);
      for (const wake of agent.#waiters) wake();
    });
    onTestFinished(() => void client.end(true));
    await client.subscribeAsync([buildTopic(feederId, 'command'), buildTopic(feederId, 'heartbeat/reply')], { qos: 1 });
    return agent;
  }

  /** Connects and introduces itself as a real agent does: session, profile, config, heartbeat. */
  static async start(options: Options & { values?: Values; configVersion?: number }): Promise<ScriptedAgent> {
    const agent = await ScriptedAgent.connect(options);
    await agent.publish('session', { sessionId: agent.sessionId, state: 'started', reason: 'connected' });
    await agent.publish('profile', PROFILE);
    await agent.report(options.values ?? VALUES, 'start', options.configVersion ?? 0);
    await agent.beat();
    return agent;
  }

  /** Publishes as the topic table says; resolves with the PUBACK. */
  async publish<N extends AgentTopic>(topic: N, payload: Payload<N>): Promise<void> {
    const { qos, retain } = TOPICS[topic];
    await this.client.publishAsync(buildTopic(this.feederId, topic), encode(topic, payload), { qos, retain });
  }

  /** Beats, and resolves when the bridge has replied. */
  async beat(more: Partial<Payload<'heartbeat'>> = {}): Promise<Payload<'heartbeat/reply'>> {
    const seq = this.#seq++;
    await this.publish('heartbeat', {
      sessionId: this.sessionId,
      seq,
      sentAt: toInstant(Date.now()),
      uptimeSeconds: 1,
      plc: 'ok',
      configVersion: 0,
      ...more,
    });
    return this.#take((message) =>
      message.topic === 'heartbeat/reply' && message.payload.seq === seq ? message.payload : undefined,
    );
  }

  async report(values: Values, source: 'start' | 'command' | 'local', configVersion = 0): Promise<void> {
    await this.publish('config', { configVersion, values, readAt: toInstant(Date.now()), source });
  }

  /** The next config change that arrives, or has arrived and was not taken yet. */
  command(): Promise<SetConfig> {
    return this.#take((message) =>
      message.topic === 'command' && message.payload.kind === 'set-config' ? message.payload : undefined,
    );
  }

  /** The same for the next command of another kind. */
  otherCommand(): Promise<Exclude<Command, SetConfig>> {
    return this.#take((message) =>
      message.topic === 'command' && message.payload.kind !== 'set-config' ? message.payload : undefined,
    );
  }

  /** Every command that has arrived and was not taken. */
  commandsWaiting(): Command[] {
    return this.#received.flatMap((message) => (message.topic === 'command' ? [message.payload] : []));
  }

  /** Acknowledges a command as applied, with the read-back it asks for unless another is given. */
  async applied(command: SetConfig, readBack: Values = command.changes): Promise<void> {
    await this.ack(command, { outcome: 'applied', readBack });
  }

  async ack({ commandId }: { commandId: string }, ack: Omit<Ack, 'commandId' | 'at'> & { at?: string }): Promise<void> {
    await this.publish('ack', { commandId, at: toInstant(Date.now()), ...ack });
  }

  /** Drops the connection without DISCONNECT, as a crash would. */
  crash(): void {
    this.client.stream.destroy();
  }

  async #take<T>(pick: (message: Message) => T | undefined, withinMs = 5_000): Promise<T> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      for (const [index, message] of this.#received.entries()) {
        const picked = pick(message);
        if (picked === undefined) continue;
        this.#received.splice(index, 1);
        return picked;
      }
      if (performance.now() > deadline) throw new Error('expected a message that did not come');
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, Math.max(1, deadline - performance.now()));
        this.#waiters.add(wake);
      });
    }
  }
}
