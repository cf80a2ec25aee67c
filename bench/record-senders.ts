import { connectAsync } from 'mqtt';
import { z } from 'zod';
import { planOf } from '../seed/plan.ts';
import { seededRecords } from '../seed/records.ts';
import { RecordReceipt } from '../topics/payloads.ts';
import { buildTopic } from '../topics/topics.ts';
import { readOrders, tellReady } from './child.ts';

// Agents that send a backlog of records as fast as receipts come: one batch of each is under way, as with real ones.

const BATCH_RECORDS = 500;
const DAY_MS = 86_400_000;

const Orders = z.object({
  url: z.string(),
  feeders: z.array(z.object({ feederId: z.string(), token: z.string() })),
  days: z.int(),
  warmUpSeconds: z.number(),
  seconds: z.number(),
});
const { url, feeders, days, warmUpSeconds, seconds } = await readOrders(Orders);

/** Everything one feeder has to tell, encoded before the clock runs. */
function batchesOf(feederId: string): { payload: string; records: number; throughSeq: number }[] {
  const toMs = Date.now();
  const span = { seed: 1, fromMs: toMs - days * DAY_MS, toMs };
  const records = [...seededRecords({ feederId, timeZone: 'UTC', ...span }, planOf({ feederId, timeZone: 'UTC', ...span }))];
  const batches = [];
  for (let first = 0; first < records.length; first += BATCH_RECORDS) {
    const some = records.slice(first, first + BATCH_RECORDS);
    batches.push({ payload: JSON.stringify({ spoolId: 'bench', records: some }), records: some.length, throughSeq: some.at(-1)?.seq ?? 0 });
  }
  return batches;
}

type Sender = { publish: (payload: string) => void; receipt: (throughSeq: number) => Promise<void> };

async function connect({ feederId, token }: (typeof feeders)[number]): Promise<Sender> {
  const mqtt = await connectAsync(url, { clientId: feederId, username: feederId, password: token, reconnectPeriod: 0 });
  let onReceipt: (throughSeq: number) => void = () => undefined;
  mqtt.on('message', (_topic, payload) => onReceipt(RecordReceipt.parse(JSON.parse(payload.toString())).throughSeq));
  await mqtt.subscribeAsync(buildTopic(feederId, 'records/stored'), { qos: 1 });
  return {
    publish: (payload) => mqtt.publish(buildTopic(feederId, 'records'), payload, { qos: 1 }),
    receipt: (throughSeq) =>
      new Promise((resolve) => {
        onReceipt = (told) => {
          if (told >= throughSeq) resolve();
        };
      }),
  };
}

const senders = await Promise.all(feeders.map(async (feeder) => ({ batches: batchesOf(feeder.feederId), agent: await connect(feeder) })));
const fromMs = performance.now() + warmUpSeconds * 1000;
const untilMs = fromMs + seconds * 1000;
/** Records receipted while the clock ran. */
let count = 0;
await Promise.all(
  senders.map(async ({ batches, agent }) => {
    for (const { payload, records, throughSeq } of batches) {
      const receipt = agent.receipt(throughSeq);
      agent.publish(payload);
      await receipt;
      if (performance.now() > untilMs) return;
      if (performance.now() > fromMs) count += records;
    }
  }),
);
tellReady({ records: count, elapsedMs: Math.min(performance.now(), untilMs) - fromMs });
