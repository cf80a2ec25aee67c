import { parseTopic, TOPICS } from '../../topics/topics.ts';

/** Someone who may look on at the topics of one site. */
export type SiteLooker = { kind: 'site-login'; siteLoginId: string; site: string };

/** Who is at the other end of an MQTT connection. */
export type Identity = { kind: 'feeder'; feederId: string } | SiteLooker;

/** Characters that MQTT allows and no topic or id of ours has; some clients and terminals act on them [MQTT-1.5.3-2]. */
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f\ufffd]/;

export const hasControlCharacters = (text: string): boolean => CONTROL_CHARACTERS.test(text);

/** Whether `identity` may publish on `topic`: a feeder, on its own topics that come from the agent. */
export function mayPublish(identity: Identity, topic: string): boolean {
  if (identity.kind === 'site-login') return false;
  const parsed = parseTopic(topic);
  return parsed?.feederId === identity.feederId && TOPICS[parsed.name].from === 'agent';
}

/**
 * Whether `identity` may subscribe to `filter`: a feeder, to its own topics that come from the bridge, one by one; a
 * site login to any filter, for what it receives is decided message by message. Shared subscriptions deliver nothing.
 */
export function maySubscribe(identity: Identity, filter: string): boolean {
  if (identity.kind === 'site-login') return !filter.startsWith('$share/') && !hasControlCharacters(filter);
  const parsed = parseTopic(filter);
  return parsed?.feederId === identity.feederId && TOPICS[parsed.name].from === 'bridge';
}

/** Whether `identity` may receive what it subscribed to when that is a message about a feeder of `site`. */
export const mayReceive = (identity: Identity, site: string | undefined): boolean =>
  identity.kind === 'feeder' || identity.site === site;
