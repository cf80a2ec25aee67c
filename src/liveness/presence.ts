import { toInstant } from '../../topics/identifiers.ts';
import { type PresenceNotice } from '../../topics/payloads.ts';

/** What is known of a feeder's presence; `epoch` is that of the session it was last told of. */
export type Presence = {
  feederId: string;
  state: PresenceNotice['state'];
  sessionId: string;
  epoch: number;
  atMs: number;
  reason: PresenceNotice['reason'];
};

/** Something that happened to a session's lease. */
export type PresenceEvent = { feederId: string; sessionId: string; epoch: number; atMs: number } & (
  | { state: 'online'; reason: 'connected' }
  | { state: 'offline'; reason: 'shutdown' | 'connection-lost' | 'lease-expired' }
);

/**
 * The presence after an event, or undefined where the event changes nothing: it belongs to an older session than the
 * one last told of, or says what is known already.
 */
export function presenceAfter(current: Presence | undefined, event: PresenceEvent): Presence | undefined {
  if (current === undefined) return event.state === 'online' ? { ...event } : undefined;
  if (event.epoch < current.epoch) return undefined;
  if (event.state === current.state && (event.state === 'offline' || event.sessionId === current.sessionId)) {
    return undefined;
  }
  return { ...event };
}

/** A presence as explorers and agents see it. */
export const toNotice = ({ state, sessionId, atMs, reason }: Presence): PresenceNotice => ({
  state,
  sessionId,
  at: toInstant(atMs),
  reason,
});

/** Where presence goes when it changes. */
export type PresenceSinks = {
  /** Published at once, whatever the database does. */
  publish: (presence: Presence) => void;
  /** Stored soon, the latest for each feeder. */
  store: (presence: Presence) => void;
};

/** Who is online, as last told to the world. The lease decides; this remembers, publishes and stores. */
export class PresenceBoard {
  readonly #byFeeder: Map<string, Presence>;
  readonly #sinks: PresenceSinks;

  constructor(stored: readonly Presence[], sinks: PresenceSinks) {
    this.#byFeeder = new Map(stored.map((presence) => [presence.feederId, presence]));
    this.#sinks = sinks;
  }

  /** Takes note of an event and tells the world if it changes anything. */
  take(event: PresenceEvent): void {
    const presence = presenceAfter(this.#byFeeder.get(event.feederId), event);
    if (presence === undefined) return;
    this.#byFeeder.set(presence.feederId, presence);
    this.#sinks.publish(presence);
    this.#sinks.store(presence);
  }

  find(feederId: string): Presence | undefined {
    return this.#byFeeder.get(feederId);
  }

  /** Everyone told to be online. */
  online(): Presence[] {
    return [...this.#byFeeder.values()].filter(({ state }) => state === 'online');
  }

  /** Forgets a feeder that was removed. */
  forget(feederId: string): void {
    this.#byFeeder.delete(feederId);
  }
}
