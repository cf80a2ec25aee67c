import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Values } from '../../topics/parameters.ts';
import type { HistoryRecord } from '../../topics/payloads.ts';
import { eventually, type TestBridge } from './bridge.ts';
import { ScriptedAgent } from './scripted-agent.ts';

/** A record as a test tells it: numbers and counters are made up for it. */
export type NewRecord = HistoryRecord extends infer R ? (R extends unknown ? Omit<R, 'seq' | 'countTotal' | 'totalGrams'> : never) : never;

/** A feeder whose agent tells what a test says; each telling resolves when it is stored. */
export type HistoryTeller = { tell: (records: readonly NewRecord[]) => Promise<void>; agent: ScriptedAgent };

/** Enrols a feeder and connects its agent. */
export async function historyTeller(
  bridge: TestBridge,
  feederId: string,
  { timeZone = 'Europe/Oslo', site = 'farm', values }: { timeZone?: string; site?: string; values?: Values } = {},
): Promise<HistoryTeller> {
  const { body } = await bridge.rest('POST', '/feeders', { body: { feederId, name: feederId, site, timeZone } });
  const { token } = z.object({ token: z.string() }).parse(body);
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId, token, ...(values && { values }) });
  const spoolId = randomUUID();
  let storedSeq = -1;
  agent.client.on('message', (topic, payload) => {
    if (topic.endsWith('/records/stored')) storedSeq = z.object({ throughSeq: z.int() }).parse(JSON.parse(payload.toString())).throughSeq;
  });
  await agent.client.subscribeAsync(`feeder/${feederId}/records/stored`, { qos: 1 });
  let nextSeq = 0;
  const counters = { countTotal: 0, totalGrams: 0 };
  const numbered = (record: NewRecord): HistoryRecord => {
    const seq = nextSeq++;
    if (record.kind !== 'meal') return { ...record, seq };
    counters.countTotal += record.count;
    counters.totalGrams += record.grams;
    return { ...record, seq, ...counters };
  };
  const tell = async (records: readonly NewRecord[]): Promise<void> => {
    for (let done = 0; done < records.length; done += 500) {
      const batch = records.slice(done, done + 500).map(numbered);
      await agent.publish('records', { spoolId, records: batch });
    }
    await eventually(() => (storedSeq === nextSeq - 1 ? true : undefined), 15_000);
  };
  return { agent, tell };
}
