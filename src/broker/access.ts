import { parseTopic, TOPICS } from '../../topics/topics.ts';

/** Who is at the other end of an MQTT connection. */
export type Identity = { kind: 'feeder'; feederId: string };

/** Characters that MQTT allows and no topic or id of ours has; some clients and terminals act on them [MQTT-1.5.3-2]. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

export const hasControlCharacters = (text: string): boolean => CONTROL_CHARACTERS.test(text);

/** Whether `identity` may publish on `topic`: a feeder, on its own topics that come from the agent. */
export function mayPublish(identity: Identity, topic: string): boolean {
  const parsed = parseTopic(topic);
  return parsed?.feederId === identity.feederId && TOPICS[parsed.name].from === 'agent';
}

/** Whether `identity` may subscribe to `filter`: a feeder, to its own topics that come from the bridge, one by one. */
export function maySubscribe(identity: Identity, filter: string): boolean {
  const parsed = parseTopic(filter);
  return parsed?.feederId === identity.feederId && TOPICS[parsed.name].from === 'bridge';
}
