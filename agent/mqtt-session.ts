import { MqttClient } from 'mqtt';
import webSocketStream from 'websocket-stream';
import { connectionProblem, trusting } from './bridge-trust.ts';

export type SessionOptions = {
  url: string;
  /** Who may vouch for the bridge, in PEM; undefined: those that everybody trusts. */
  ca: string | undefined;
  feederId: string;
  token: string;
  keepaliveSeconds: number;
  will: { topic: string; payload: string };
  onMessage: (topic: string, payload: Uint8Array) => void;
  /** Aborted when the agent stops: whatever is still being opened is given up. */
  stopping: AbortSignal;
};

const LOST = 'the connection was lost';
const CONNECT_TIMEOUT_MS = 10_000;
/** How long a goodbye may take before the socket is cut. */
const GOODBYE_MS = 2_000;
/** A bridge sends nothing larger than a command; this leaves room. */
const MAX_FRAME_BYTES = 256 * 1024;

/**
 * One MQTT connection over WebSocket. It never reconnects: the next session is a new one, so that nothing is left in
 * an outgoing store to be sent twice.
 */
export class MqttSession {
  readonly #client: MqttClient;
  readonly #cut: () => void;
  /** Resolves with the reason when the connection is over, however it ended. */
  readonly closed: Promise<string>;

  private constructor(client: MqttClient, cut: () => void, closed: Promise<string>) {
    this.#client = client;
    this.#cut = cut;
    this.closed = closed;
  }

  /** Connects; rejects with the reason when the bridge is not there or does not let the agent in. */
  static async open(options: SessionOptions): Promise<MqttSession> {
    const { url, ca, feederId, token, keepaliveSeconds, will, onMessage, stopping } = options;
    const stream = webSocketStream(url, 'mqtt', {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      ...trusting(ca),
    });
    const { socket } = stream;
    // close() would wait for the other side, which may be gone.
    const cut = (): void => socket.terminate();
    const client = new MqttClient(() => stream, {
      clientId: feederId,
      username: feederId,
      password: token,
      protocolVersion: 4,
      clean: true,
      keepalive: keepaliveSeconds,
      reconnectPeriod: 0,
      connectTimeout: CONNECT_TIMEOUT_MS,
      resubscribe: false,
      queueQoSZero: false,
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: false },
    });
    let reason: string | undefined;
    // What first went wrong is told when the connection closes; an error nobody hears would end the process.
    const noteReason = (error: unknown): void => void (reason ??= connectionProblem(error));
    socket.on('error', noteReason);
    stream.on('error', noteReason);
    client.on('error', noteReason);
    client.on('message', onMessage);
    const closed = new Promise<string>((resolve) => {
      client.once('close', () => {
        cut();
        client.end(true);
        resolve(reason ?? LOST);
      });
    });
    const connected = new Promise<true>((resolve) => client.once('connect', () => resolve(true)));
    stopping.addEventListener('abort', cut);
    const first = await Promise.race([connected, closed]);
    stopping.removeEventListener('abort', cut);
    if (first === true) return new MqttSession(client, cut, closed);
    throw new Error(first);
  }

  /** Subscribes; rejects where the bridge refuses or the connection is lost first. */
  async subscribe(topics: readonly string[]): Promise<void> {
    const granted = this.#client.subscribeAsync([...topics], { qos: 1 });
    // It may never settle when the link drops.
    const result = await Promise.race([granted, this.closed]);
    if (typeof result === 'string') throw new Error(result);
    const refused = result.find(({ qos }) => qos === 128);
    if (refused) throw new Error(`the bridge refused the subscription to ${refused.topic}`);
  }

  /** Publishes if the connection is there; nobody waits for the PUBACK, which never means stored. */
  publish(topic: string, payload: string, { qos, retain }: { qos: 0 | 1; retain: boolean }): void {
    this.#client.publish(topic, payload, { qos, retain }, () => undefined);
  }

  /** Says goodbye and disconnects; cuts the socket where that takes long. */
  async end(): Promise<void> {
    const timer = setTimeout(this.#cut, GOODBYE_MS);
    await Promise.race([this.#client.endAsync(), this.closed]);
    clearTimeout(timer);
    this.#cut();
  }

  /** Cuts the connection without a word, as a lost one would be. */
  cut(): void {
    this.#cut();
  }
}
