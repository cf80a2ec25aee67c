import { connectAsync, type MqttClient } from 'mqtt';
import { z } from 'zod';
import { parseTopic } from '../topics/topics.ts';
import { ask, SITE } from './rest.ts';
import type { RealBridge } from './systems.ts';

const Login = z.object({ username: z.string(), password: z.string() });

/** Someone who looks on at `#` over plain MQTT, as an MQTT explorer does. */
export class Looker {
  readonly #mqtt: MqttClient;
  readonly #seen = new Map<string, number>();

  private constructor(mqtt: MqttClient) {
    this.#mqtt = mqtt;
    mqtt.on('message', (topic) => {
      const feederId = parseTopic(topic)?.feederId ?? '';
      this.#seen.set(feederId, this.seen(feederId) + 1);
    });
  }

  /** Connects with a site login of its own and subscribes. */
  static async connect(bridge: RealBridge): Promise<Looker> {
    const login = await ask(bridge, 'POST', '/site-logins', Login, { site: SITE, name: 'looker' });
    const looker = new Looker(await connectAsync(bridge.mqttUrl, { ...login, reconnectPeriod: 0 }));
    await looker.#mqtt.subscribeAsync('#', { qos: 1 });
    return looker;
  }

  /** How many messages of a feeder it has received. */
  seen(feederId: string): number {
    return this.#seen.get(feederId) ?? 0;
  }

  /** Stops reading, and keeps the connection. */
  freeze(): void {
    this.#mqtt.stream.unpipe();
    this.#mqtt.stream.pause();
  }

  disconnect(): void {
    this.#mqtt.end(true);
  }
}
