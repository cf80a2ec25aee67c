import { request } from 'node:http';
import { connectAsync } from 'mqtt';
import { z } from 'zod';
import { toInstant } from '../topics/identifiers.ts';
import { buildTopic } from '../topics/topics.ts';
import { readOrders, tellReady } from './child.ts';

// Clients that follow the events, and one agent that tells of meals: in one process, so that one clock times both ends.

const Orders = z.object({
  url: z.string(),
  key: z.string(),
  mqttUrl: z.string(),
  feeder: z.object({ feederId: z.string(), token: z.string() }),
  clients: z.int(),
  seconds: z.number(),
});
const { url, key, mqttUrl, feeder, clients, seconds } = await readOrders(Orders);

const SINGLE_EVENTS = 50;
/** How many meals are in a batch, and how many events the slowest client may be behind when the next is sent. */
const BATCH_MEALS = 50;
const MOST_BEHIND = 200;

/** How many meals each client was told of. */
const told = new Uint32Array(clients);
let onTold: () => void = () => undefined;
const leastTold = (): number => told.reduce((least, each) => Math.min(least, each), Infinity);
const untilAllTold = (count: number): Promise<void> =>
  new Promise((resolve) => {
    onTold = () => {
      if (leastTold() >= count) resolve();
    };
    onTold();
  });

const follow = (client: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}/api/v1/events?type=meal`, { headers: { Authorization: `Bearer ${key}` }, agent: false }, (answer) => {
      answer.setEncoding('latin1');
      let rest = '';
      answer.on('data', (chunk: string) => {
        const parts = (rest + chunk).split('event: meal\n');
        told[client] = (told[client] ?? 0) + parts.length - 1;
        // A part of the next mark may have come.
        rest = (parts.at(-1) ?? '').slice(-11);
        if (parts.length > 1) onTold();
      });
      answer.once('close', () => reject(new Error('expected the stream to go on')));
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`expected a stream of events, got ${answer.statusCode ?? 0}`));
    });
    sent.on('error', reject);
    sent.end();
  });

const mqtt = await connectAsync(mqttUrl, { clientId: feeder.feederId, username: feeder.feederId, password: feeder.token, reconnectPeriod: 0 });
await mqtt.subscribeAsync(buildTopic(feeder.feederId, 'records/stored'), { qos: 1 });
let seq = 0;
/** Tells of some meals; resolves when they are stored. */
const tellMeals = async (count: number): Promise<void> => {
  const records = Array.from({ length: count }, () => {
    seq += 1;
    return { seq, at: toInstant(Date.now()), kind: 'meal', count: 1, grams: 100, countTotal: seq, totalGrams: 100 * seq, source: 'schedule' };
  });
  const stored = new Promise((resolve) => mqtt.once('message', resolve));
  mqtt.publish(buildTopic(feeder.feederId, 'records'), JSON.stringify({ spoolId: 'bench', records }), { qos: 1 });
  await stored;
};

for (let next = 0; next < clients; next += 50) await Promise.all(Array.from({ length: Math.min(50, clients - next) }, (_, index) => follow(next + index)));
tellReady({ following: clients });
await new Promise((resolve) => process.once('message', resolve));

const latenciesMs: number[] = [];
for (let done = 0; done < SINGLE_EVENTS; done += 1) {
  await tellMeals(1);
  const storedAtMs = performance.now();
  await untilAllTold(seq);
  latenciesMs.push(performance.now() - storedAtMs);
}
tellReady({ latenciesMs });
await new Promise((resolve) => process.once('message', resolve));

const before = seq;
const startedAtMs = performance.now();
while (performance.now() - startedAtMs < seconds * 1000) {
  await tellMeals(BATCH_MEALS);
  await untilAllTold(seq - MOST_BEHIND);
}
await untilAllTold(seq);
tellReady({ events: seq - before, elapsedMs: performance.now() - startedAtMs });
