import type { z } from 'zod';
import { eventually, type TestBridge } from './bridge.ts';
import { commandIn, ConfigShape, FeederShape, type CommandShape } from './rest-shapes.ts';
import { ScriptedAgent } from './scripted-agent.ts';

/** Enrols a feeder and connects its agent; resolves when the bridge holds all that the agent told of it. */
export async function liveFeeder(bridge: TestBridge, feederId: string): Promise<ScriptedAgent> {
  const token = await bridge.enrol(feederId);
  return connectAgent(bridge, feederId, token);
}

/** Connects the agent of an enrolled feeder; resolves likewise. */
export async function connectAgent(bridge: TestBridge, feederId: string, token: string): Promise<ScriptedAgent> {
  const agent = await ScriptedAgent.start({ wsUrl: bridge.wsUrl, feederId, token });
  await eventually(async () => {
    const { presence, plc, config, profile } = await readFeeder(bridge, feederId);
    return presence === 'online' && plc === 'ok' && config && profile ? true : undefined;
  });
  return agent;
}

export async function readFeeder(bridge: TestBridge, feederId: string): Promise<z.infer<typeof FeederShape>> {
  return FeederShape.parse((await bridge.rest('GET', `/feeders/${feederId}`)).body);
}

/** A feeder's config as REST shows it, and its ETag. */
export async function readConfig(
  bridge: TestBridge,
  feederId: string,
): Promise<z.infer<typeof ConfigShape> & { etag: string | null }> {
  const { body, headers } = await bridge.rest('GET', `/feeders/${feederId}/config`);
  return { ...ConfigShape.parse(body), etag: headers.get('etag') };
}

/** One command as REST shows it. */
export async function readCommand(bridge: TestBridge, commandId: string): Promise<z.infer<typeof CommandShape>> {
  return commandIn(await bridge.rest('GET', `/commands/${commandId}`));
}
