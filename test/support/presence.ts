import { z } from 'zod';
import { PresenceNotice } from '../../topics/payloads.ts';
import { buildTopic } from '../../topics/topics.ts';
import { eventually, type TestBridge } from './bridge.ts';
import { ScriptedAgent } from './scripted-agent.ts';

export type Told = PresenceNotice & { heardAtMs: number };

/** All that the bridge publishes of an agent's own presence from now on, what is retained first. */
export async function watchPresence({ client, feederId }: ScriptedAgent): Promise<Told[]> {
  const told: Told[] = [];
  const topic = buildTopic(feederId, 'presence');
  client.on('message', (arrived, payload) => {
    if (arrived !== topic) return;
    told.push({ ...PresenceNotice.parse(JSON.parse(payload.toString())), heardAtMs: performance.now() });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return told;
}

/** The retained presence of a feeder that is away, as an explorer finds it: read by a connection that says nothing. */
export async function retainedPresence(bridge: TestBridge, feederId: string, token: string): Promise<PresenceNotice> {
  const reader = await ScriptedAgent.connect({ wsUrl: bridge.wsUrl, feederId, token, will: false });
  const told = await watchPresence(reader);
  const { state, sessionId, at, reason } = await eventually(() => told[0]);
  await reader.client.endAsync();
  return { state, sessionId, at, reason };
}

const Shown = z.object({ presence: z.enum(['online', 'offline']) });

/** What REST says of a feeder. */
export async function shownPresence(bridge: TestBridge, feederId: string): Promise<'online' | 'offline'> {
  const { body } = await bridge.rest('GET', `/feeders/${feederId}`);
  return Shown.parse(body).presence;
}

/** Resolves when REST says so. */
export const untilShown = (bridge: TestBridge, feederId: string, presence: 'online' | 'offline', withinMs?: number): Promise<true> =>
  eventually(async () => ((await shownPresence(bridge, feederId)) === presence ? true : undefined), withinMs);
