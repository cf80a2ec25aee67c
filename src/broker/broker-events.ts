import type { Message } from '../../topics/topics.ts';
import type { Refusal } from './refusal.ts';

/** One MQTT connection of one feeder. */
export type Connection = {
  readonly feederId: string;
  /** From the will, where there is one. */
  readonly willSessionId: string | undefined;
  /** Cuts the connection. */
  close(): void;
};

/** What the broker asks of and tells the rest of the bridge. Handlers return at once. */
export type BrokerEvents = {
  /** Whether this feeder is enrolled with this token. */
  authenticateFeeder: (feederId: string, token: string) => boolean;
  /** The site login with this user name and password. */
  authenticateSiteLogin: (username: string, password: string) => { siteLoginId: string; site: string } | undefined;
  isEnrolled: (feederId: string) => boolean;
  /** The site of a feeder, also of one that was removed a moment ago. */
  siteOf: (feederId: string) => string | undefined;
  /** A feeder is let in. */
  connected: (connection: Connection) => void;
  /** A feeder's socket is gone, whoever closed it. Told once for each connection. */
  disconnected: (connection: Connection) => void;
  /** The agent now hears its commands. */
  listening: (connection: Connection) => void;
  message: (connection: Connection, message: Message) => void;
  /** A payload that could not be understood; the sender was answered as if it could. */
  malformed: (connection: Connection, topic: string, payload: Uint8Array, problem: string) => void;
  /** Someone tried what is not allowed, and was turned away or cut off. Told as often as it happens. */
  refused: (refusal: Refusal) => void;
  /** A connection ended otherwise than by a goodbye, for the log. */
  failed: (who: { clientId: string | undefined; address: string | undefined }, why: string) => void;
};
