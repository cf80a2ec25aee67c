import type { AuthenticateError, ConnectPacket } from 'aedes';
import { randomUUID } from 'node:crypto';
import { SiteLoginName } from '../../topics/identifiers.ts';
import { decode, parseTopic } from '../../topics/topics.ts';
import { hasControlCharacters } from './access.ts';

/** CONNACK return codes [MQTT-3.2.2.3]. */
const CONNECT_REFUSED = { identifierRejected: 2, serverUnavailable: 3, badCredentials: 4 } as const;

/** Why a client is not let in, as it is told. */
export function refusal(code: keyof typeof CONNECT_REFUSED, why: string): AuthenticateError {
  return Object.assign(new Error(why), { returnCode: CONNECT_REFUSED[code] });
}

/** What a client asked for in its CONNECT packet and Aedes does not keep as it was. */
export type Asked = { clientId: string; willSessionId: string | undefined };

/** Whether a user name is a site login's; all others must be feeders. */
export const isSiteLogin = (username: string | undefined): username is string => SiteLoginName.safeParse(username).success;

/** What is wrong with a CONNECT packet before anyone's password is looked at. */
export function connectProblem({ clientId, keepalive = 0, username = '', will }: ConnectPacket): string | undefined {
  if (hasControlCharacters(clientId) || hasControlCharacters(username)) return 'expected ids without control characters';
  // A keepalive of 0 would never time out [MQTT-3.1.2-24].
  if (keepalive === 0) return 'expected a keepalive of at least 1 s';
  if (will === undefined) return undefined;
  if (isSiteLogin(username)) return 'expected no will: a site login publishes nothing';
  const topic = parseTopic(will.topic);
  if (topic?.name !== 'session' || topic.feederId !== clientId) return 'expected the will on feeder/{client id}/session';
  if ((will.qos ?? 0) > 2) return 'expected a will of QoS 0, 1 or 2';
  return willSessionId(will) === undefined ? 'expected the will to be a session notice that says "ended"' : undefined;
}

function willSessionId(will: ConnectPacket['will']): string | undefined {
  if (will === undefined) return undefined;
  const decoded = decode(will.topic, Buffer.from(will.payload));
  if (!decoded.ok || decoded.value.topic !== 'session' || decoded.value.payload.state !== 'ended') return undefined;
  return decoded.value.payload.sessionId;
}

/** Changes a packet that is in order to what its sender gets, and tells what it was. */
export function admitted(packet: ConnectPacket): Asked {
  const { clientId, username, will } = packet;
  // The broker holds nothing for whoever is away: every session is a clean one.
  packet.clean = true;
  // Aedes knows clients by their ids, and those of different logins may be the same.
  if (isSiteLogin(username)) packet.clientId = `${username}:${clientId || randomUUID()}`;
  return { clientId, willSessionId: willSessionId(will) };
}
