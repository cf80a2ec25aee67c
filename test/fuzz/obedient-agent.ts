import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Command } from '../../topics/commands.ts';
import { toInstant } from '../../topics/identifiers.ts';
import type { Values } from '../../topics/parameters.ts';
import type { Profile } from '../../topics/payloads.ts';
import { buildTopic, decode, encode, TOPICS, type AgentTopic, type Payload } from '../../topics/topics.ts';

const BEAT_MS = 2_000;

const PROFILE: Profile = {
  agentVersion: 'obedient',
  registerMap: { name: 'obedient', sha256: '0'.repeat(64) },
  parameters: [
    { name: 'mealGrams', type: 'integer', unit: 'g', min: 0, max: 5_000, step: 1 },
    { name: 'intervalSeconds', type: 'integer', unit: 's', min: 60, max: 86_400, step: 1 },
    { name: 'feedingEnabled', type: 'boolean', unit: '' },
  ],
  kinds: ['set-config', 'feed-now', 'clear-alarms'],
};
const VALUES: Values = { mealGrams: 100, intervalSeconds: 3_600, feedingEnabled: true };

/** An agent of one feeder that does at once whatever it is told. */
export class ObedientAgent {
  readonly #client: MqttClient;
  readonly #feederId: string;
  readonly #sessionId = randomUUID();
  readonly #beats: NodeJS.Timeout;
  #seq = 0;
  #version = 0;

  private constructor(client: MqttClient, feederId: string) {
    this.#client = client;
    this.#feederId = feederId;
    this.#beats = setInterval(() => void this.#beat(), BEAT_MS);
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      const message = decode(topic, payload);
      if (message.ok && message.value.topic === 'command') void this.#obey(message.value.payload);
    });
  }

  /** Connects to the bridge at `url` and introduces itself. */
  static async connect(url: string, feederId: string, token: string): Promise<ObedientAgent> {
    const client = await connectAsync(`${url.replace('http', 'ws')}/mqtt`, { clientId: feederId, username: feederId, password: token, protocolVersion: 4, reconnectPeriod: 0 }, false);
    const agent = new ObedientAgent(client, feederId);
    await client.subscribeAsync([buildTopic(feederId, 'command')], { qos: 1 });
    await agent.#publish('session', { sessionId: agent.#sessionId, state: 'started', reason: 'connected' });
    await agent.#publish('profile', PROFILE);
    await agent.#publish('config', { configVersion: 0, values: VALUES, readAt: toInstant(Date.now()), source: 'start' });
    await agent.#beat();
    return agent;
  }

  /** Resolves when the feeder, as `read` shows it, is as this agent told. */
  async isKnown(read: () => Promise<string>): Promise<void> {
    const deadline = performance.now() + 5_000;
    for (let text = await read(); !/"online".*"ok".*mealGrams.*"obedient"/.test(text); text = await read()) {
      if (performance.now() > deadline) throw new Error(`the agent is not known: ${text}`);
      await delay(20);
    }
  }

  async end(): Promise<void> {
    clearInterval(this.#beats);
    await this.#client.endAsync(true);
  }

  async #obey(command: Command): Promise<void> {
    if (command.kind === 'set-config') this.#version = Math.max(this.#version, command.version);
    await this.#publish('ack', { commandId: command.commandId, outcome: 'applied', at: toInstant(Date.now()), readBack: command.kind === 'set-config' ? command.changes : {} });
  }

  async #beat(): Promise<void> {
    this.#seq += 1;
    await this.#publish('heartbeat', { sessionId: this.#sessionId, seq: this.#seq, sentAt: toInstant(Date.now()), uptimeSeconds: 1, plc: 'ok', configVersion: this.#version });
  }

  async #publish<N extends AgentTopic>(topic: N, payload: Payload<N>): Promise<void> {
    const { qos, retain } = TOPICS[topic];
    await this.#client.publishAsync(buildTopic(this.#feederId, topic), encode(topic, payload), { qos, retain });
  }
}
