import { Agent, request } from 'node:http';
import { z } from 'zod';

/** Where changes go: a bridge, or the floor beneath it. */
export type Target = { url: string; key: string; feederIds: readonly string[] };

export type Answer = { status: number; body: string; latencyMs: number };

/** What a closed loop of changes came to; whatever was not answered as it must be is told in `failures`. */
export type Load = { latenciesMs: number[]; elapsedMs: number; failures: string[] };

const Applied = z.object({ readBack: z.object({ mealGrams: z.number() }) });
const MOST_MEAL_GRAMS = 5000;

/** Sends one change and waits for its answer, over a connection that is kept. */
export function sendChange(agent: Agent, { url, key }: Target, feederId: string, mealGrams: number): Promise<Answer> {
  const body = JSON.stringify({ mealGrams });
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sentAtMs = performance.now();
    const sent = request(`${url}/api/v1/feeders/${feederId}/config`, { method: 'PATCH', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const latencyMs = performance.now() - sentAtMs;
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), latencyMs });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Changes `mealGrams` again and again for `seconds`, with `inFlight` changes under way at a time and one at most for
 * each feeder. An answer counts if it is 200 and its read-back holds the very value that was sent. Rejects where the
 * bridge is gone.
 */
export async function runChanges(target: Target, { inFlight, seconds }: { inFlight: number; seconds: number }): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const load: Load = { latenciesMs: [], elapsedMs: 0, failures: [] };
  const idle = [...target.feederIds];
  const startedAtMs = performance.now();
  let sent = 0;
  const work = async (): Promise<void> => {
    while (performance.now() - startedAtMs < seconds * 1000) {
      const feederId = idle.shift();
      if (feederId === undefined) throw new Error('expected more feeders than changes in flight');
      const mealGrams = (sent += 1) % MOST_MEAL_GRAMS;
      const { status, body, latencyMs } = await sendChange(agent, target, feederId, mealGrams);
      if (status === 200 && Applied.parse(JSON.parse(body)).readBack.mealGrams === mealGrams) load.latenciesMs.push(latencyMs);
      else load.failures.push(`${feederId}: ${status} ${body}`);
      idle.push(feederId);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  load.elapsedMs = performance.now() - startedAtMs;
  agent.destroy();
  return load;
}
