import { randomUUID } from 'node:crypto';
import { connectAsync } from 'mqtt';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { buildTopic, encode, TOPICS, type AgentTopic, type Payload } from '../topics/topics.ts';
import { readOrders, tellReady } from './child.ts';

// Agents without a PLC: they connect, beat every 20 s as a real one does, and publish readings where they are told to.

const HEARTBEAT_MS = 20_000;
const CONNECT_AT_ONCE = 25;

const Orders = z.object({
  url: z.string(),
  feeders: z.array(z.object({ feederId: z.string(), token: z.string() })),
  stateEveryMs: z.number().optional(),
});
const { url, feeders, stateEveryMs } = await readOrders(Orders);

async function startAgent({ feederId, token }: (typeof feeders)[number]): Promise<void> {
  const sessionId = randomUUID();
  const will = encode('session', { sessionId, state: 'ended', reason: 'connection-lost' });
  const mqtt = await connectAsync(url, {
    clientId: feederId,
    username: feederId,
    password: token,
    keepalive: HEARTBEAT_MS / 1000,
    reconnectPeriod: 0,
    will: { topic: buildTopic(feederId, 'session'), payload: Buffer.from(will), qos: 1, retain: false },
  });
  await mqtt.subscribeAsync([buildTopic(feederId, 'command'), buildTopic(feederId, 'heartbeat/reply')], { qos: 1 });
  const publish = <N extends AgentTopic>(topic: N, payload: Payload<N>): void => {
    const { qos, retain } = TOPICS[topic];
    mqtt.publish(buildTopic(feederId, topic), encode(topic, payload), { qos, retain });
  };
  let seq = 0;
  const now = (): string => toInstant(Date.now());
  const beat = (): void =>
    publish('heartbeat', { sessionId, seq: seq++, sentAt: now(), uptimeSeconds: 1, plc: 'ok', configVersion: 0 });
  publish('session', { sessionId, state: 'started', reason: 'connected' });
  beat();
  setInterval(beat, HEARTBEAT_MS);
  if (stateEveryMs === undefined) return;
  setInterval(() => publish('state', { at: now(), values: { hopperGrams: seq, feeding: false }, quality: {} }), stateEveryMs);
}

const waiting = [...feeders];
const connectSome = async (): Promise<void> => {
  for (let feeder = waiting.shift(); feeder; feeder = waiting.shift()) await startAgent(feeder);
};
await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, connectSome));
tellReady();
