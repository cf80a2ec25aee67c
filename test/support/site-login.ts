import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { eventually, type TestBridge } from './bridge.ts';

const NewSiteLogin = z.strictObject({
  siteLoginId: z.uuid(),
  site: z.string(),
  name: z.string(),
  username: z.string(),
  password: z.string().min(32),
  expiresAt: z.iso.datetime({ precision: 3 }).nullable(),
  createdAt: z.iso.datetime({ precision: 3 }),
});

export type TestSiteLogin = z.infer<typeof NewSiteLogin>;

/** Has a site login made. */
export async function makeSiteLogin(bridge: TestBridge, site: string, more: object = {}): Promise<TestSiteLogin> {
  const { body } = await bridge.rest('POST', '/site-logins', { body: { site, name: 'explorer', ...more } });
  return NewSiteLogin.parse(body);
}

type Seen = { topic: string; payload: string; qos: number; retain: boolean };

/** An MQTT explorer: connects with a site login and keeps what it sees. */
export class Explorer {
  readonly client: MqttClient;
  readonly seen: Seen[] = [];
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;

  private constructor(client: MqttClient) {
    this.client = client;
    this.closed = new Promise((resolve) => client.once('close', resolve));
    client.on('error', () => undefined);
    client.on('message', (topic, payload, { qos, retain }: IPublishPacket) => {
      this.seen.push({ topic, payload: payload.toString('utf8'), qos, retain });
    });
  }

  /** Without a login where none is needed. Rejects when it is not let in. Ends with the test. */
  static async connect(url: string, login?: Pick<TestSiteLogin, 'username' | 'password'>, more: IClientOptions = {}): Promise<Explorer> {
    const options: IClientOptions = { protocolVersion: 4, reconnectPeriod: 0, connectTimeout: 5_000, ...more };
    const client = await connectAsync(url, { ...options, ...(login && { username: login.username, password: login.password }) }, false);
    onTestFinished(() => void client.end(true));
    return new Explorer(client);
  }

  /** Subscribes and tells what was granted. */
  async subscribe(...filters: string[]): Promise<number[]> {
    const packet = await new Promise<number[]>((resolve, reject) => {
      this.client.subscribe(filters, { qos: 1 }, (error, _granted, suback) => {
        // A filter that was refused is told as an error too.
        if (suback) resolve(suback.granted.map(Number));
        else reject(error ?? new Error('expected a SUBACK'));
      });
    });
    return packet;
  }

  /** The first message seen on a topic, there or still to come, that passes. */
  sees(topic: string, passes: (seen: Seen) => boolean = () => true): Promise<Seen> {
    return eventually(() => this.seen.find((seen) => seen.topic === topic && passes(seen)));
  }
}
