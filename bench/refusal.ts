import { Agent } from 'node:http';
import { z } from 'zod';
import { figuresOf, type Figures } from './figures.ts';
import { runChanges, sendChange, type Target } from './load.ts';
import { Looker } from './looker.ts';
import { enrol } from './rest.ts';
import type { RealBridge } from './systems.ts';

/** How fast changes were refused, and how many messages went to the feeder meanwhile. */
export type RefusalFigures = Figures & { messagesToFeeder: number; failures: string[] };

const Problem = z.object({ code: z.string() });

/** Changes to a feeder whose agent was never there, one at a time, under the eyes of someone who sees every message. */
export async function refuseChanges(bridge: RealBridge, online: Target, seconds: number): Promise<RefusalFigures> {
  const [feeder] = await enrol(bridge, 'offline', 1);
  if (feeder === undefined) throw new Error('expected a feeder to be enrolled');
  const { feederId } = feeder;
  const looker = await Looker.connect(bridge);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const latenciesMs: number[] = [];
  const failures: string[] = [];
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < seconds * 1000) {
    const { status, body, latencyMs } = await sendChange(agent, { ...online, feederIds: [feederId] }, feederId, 100);
    if (status === 409 && Problem.parse(JSON.parse(body)).code === 'feeder-offline') latenciesMs.push(latencyMs);
    else failures.push(`${feederId}: ${status} ${body}`);
  }
  const elapsedMs = performance.now() - startedAtMs;
  agent.destroy();

  // What is sent to a feeder that is online does come by the looker: had anything been sent before, it had been seen.
  const [witness = ''] = online.feederIds;
  failures.push(...(await runChanges({ ...online, feederIds: [witness] }, { inFlight: 1, seconds: 1 })).failures);
  if (looker.seen(witness) === 0) failures.push(`${witness}: expected its messages to be seen`);
  const messagesToFeeder = looker.seen(feederId);
  if (messagesToFeeder > 0) failures.push(`${feederId}: expected no message, but ${messagesToFeeder} were seen`);
  looker.disconnect();
  return { ...figuresOf(latenciesMs, elapsedMs), messagesToFeeder, failures };
}
