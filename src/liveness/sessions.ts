import { toInstant } from '../../topics/identifiers.ts';
import { type Heartbeat, type HeartbeatReply, type PlcLink, type SessionNotice } from '../../topics/payloads.ts';
import type { BridgeClock } from '../clock.ts';
import type { LeaseStore } from './leases.ts';
import type { PresenceBoard } from './presence.ts';

/** One MQTT connection of one feeder, as the bridge knows it. */
export type Session = {
  readonly feederId: string;
  /** The bridge's clock at CONNECT, higher than that of every session before. */
  readonly epoch: number;
  /** Cuts the connection. */
  readonly close: () => void;
  /** Undefined until the will or the first message tells it. */
  sessionId: string | undefined;
  plc: PlcLink | undefined;
  lastBeatAtMs: number | undefined;
  /** The lease store did not take the last renewal: a missing lease says nothing about the agent. */
  unheld: boolean;
  /** Said goodbye, lost its socket, or was taken over: nothing it still sends touches a lease. */
  over: boolean;
};

export type SessionsDeps = {
  clock: BridgeClock;
  bridgeId: string;
  leaseSeconds: number;
  leases: LeaseStore;
  presence: PresenceBoard;
  reply: (feederId: string, reply: HeartbeatReply) => void;
  /** An agent reaches its PLC again, or does not any more. */
  onPlcLink: (feederId: string) => void;
  /** A session that was still open was taken over by a newer one, for the log. */
  onTakenOver: (feederId: string) => void;
  /** A lease-store operation that failed, for the log. */
  onLeaseProblem: (error: unknown) => void;
};

/** How many leases are set anew at the same time; more would make a store that has just come back too slow to answer. */
const UPDATES_AT_ONCE = 200;

/**
 * The live sessions and what they mean for leases. Invariant: a feeder has one current session, the one with the
 * highest epoch, and nothing that belongs to another one changes its lease.
 */
export class Sessions {
  readonly #deps: SessionsDeps;
  readonly #current = new Map<string, Session>();
  /** Leases that should have been ended while the lease store was away: feeder to epoch. */
  readonly #owedEnds = new Map<string, number>();
  readonly #lastSeenAtMs = new Map<string, number>();
  readonly #sweep: NodeJS.Timeout;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    deps.leases.onExpired((lease) => this.#tell(lease, 'lease-expired'));
    deps.leases.onRestored(() => void this.#reassert());
    this.#sweep = setInterval(() => void this.#reconcile(), deps.leaseSeconds * 1000);
  }

  /** A feeder's agent was let in. A session of it that is still open is taken over; the broker closes it. */
  connected(feederId: string, willSessionId: string | undefined, close: () => void): Session {
    const session: Session = {
      feederId,
      epoch: this.#deps.clock.nextEpoch(),
      close,
      sessionId: willSessionId,
      plc: undefined,
      lastBeatAtMs: undefined,
      unheld: false,
      over: false,
    };
    const previous = this.#current.get(feederId);
    if (previous) {
      previous.over = true;
      this.#deps.onTakenOver(feederId);
    }
    this.#current.set(feederId, session);
    this.#owedEnds.delete(feederId);
    void this.#hold(session);
    return session;
  }

  /** The live session of a feeder on this bridge. */
  find(feederId: string): Session | undefined {
    return this.#current.get(feederId);
  }

  /** When the feeder's agent was last heard, on the bridge's clock. */
  lastSeenAtMs(feederId: string): number | undefined {
    return this.#lastSeenAtMs.get(feederId);
  }

  /**
   * A `session` message: the agent began, says goodbye, or its will speaks for it. Whether it speaks for this
   * connection: one that came late, of an older session, says nothing about the agent of now.
   */
  notice(session: Session, notice: SessionNotice): boolean {
    if (!this.#belongs(session, notice.sessionId)) return false;
    if (notice.state === 'started') {
      this.#lastSeenAtMs.set(session.feederId, this.#deps.clock.now());
      void this.#hold(session);
    } else {
      this.#end(session, notice.reason === 'shutdown' ? 'shutdown' : 'connection-lost');
    }
    return true;
  }

  /** A heartbeat: renews the lease and is answered with the bridge's time. */
  beat(session: Session, beat: Heartbeat): void {
    if (!this.#belongs(session, beat.sessionId)) return;
    const now = this.#deps.clock.now();
    const hasTurned = session.plc !== beat.plc;
    session.plc = beat.plc;
    session.lastBeatAtMs = now;
    this.#lastSeenAtMs.set(session.feederId, now);
    void this.#hold(session);
    this.#deps.reply(session.feederId, {
      sessionId: beat.sessionId,
      seq: beat.seq,
      agentSentAt: beat.sentAt,
      bridgeAt: toInstant(now),
    });
    if (hasTurned) this.#deps.onPlcLink(session.feederId);
  }

  /** The socket is gone. */
  disconnected(session: Session): void {
    this.#end(session, 'connection-lost');
  }

  /** Ends the session and lease of a feeder that was removed or given another token; the lease perhaps later. */
  async dismiss(feederId: string): Promise<void> {
    const session = this.#current.get(feederId);
    session?.close();
    if (session) this.#end(session, 'connection-lost');
    await this.#endLease(feederId, session?.epoch ?? this.#deps.clock.nextEpoch());
  }

  /** Lets go of what is remembered of a feeder that was removed. */
  forget(feederId: string): void {
    this.#lastSeenAtMs.delete(feederId);
  }

  /** Stops watching; leases stay as they are, so that agents that come back to the next bridge were never offline. */
  stop(): void {
    clearInterval(this.#sweep);
    for (const session of this.#current.values()) session.over = true;
  }

  /** Whether a message that names `sessionId` speaks for this connection; the first one may name it. */
  #belongs(session: Session, sessionId: string): boolean {
    if (session.over) return false;
    session.sessionId ??= sessionId;
    return session.sessionId === sessionId;
  }

  async #hold(session: Session): Promise<void> {
    const { feederId, sessionId, epoch } = session;
    if (sessionId === undefined) return;
    try {
      const held = await this.#deps.leases.hold({ feederId, sessionId, epoch, bridgeId: this.#deps.bridgeId });
      session.unheld = false;
      if (held === 'stale' || session.over) return;
      const atMs = this.#deps.clock.now();
      this.#deps.presence.take({ feederId, sessionId, epoch, atMs, state: 'online', reason: 'connected' });
    } catch (error) {
      session.unheld = true;
      this.#deps.onLeaseProblem(error);
    }
  }

  #end(session: Session, reason: 'shutdown' | 'connection-lost'): void {
    if (session.over) return;
    session.over = true;
    const { feederId, epoch } = session;
    if (this.#current.get(feederId) === session) this.#current.delete(feederId);
    this.#tell(session, reason);
    void this.#endLease(feederId, epoch);
  }

  async #endLease(feederId: string, epoch: number): Promise<void> {
    try {
      await this.#deps.leases.end(feederId, epoch);
    } catch (error) {
      this.#owedEnds.set(feederId, epoch);
      this.#deps.onLeaseProblem(error);
    }
  }

  #tell(
    { feederId, sessionId, epoch }: { feederId: string; sessionId: string | undefined; epoch: number },
    reason: 'shutdown' | 'connection-lost' | 'lease-expired',
  ): void {
    // A session that never said its id speaks for the one it took over.
    const told = sessionId ?? this.#deps.presence.find(feederId)?.sessionId;
    if (told === undefined) return;
    this.#deps.presence.take({ feederId, sessionId: told, epoch, atMs: this.#deps.clock.now(), state: 'offline', reason });
  }

  /** The lease store is there, perhaps empty, perhaps with what should have ended meanwhile. */
  async #reassert(): Promise<void> {
    const owed = [...this.#owedEnds];
    this.#owedEnds.clear();
    const alive = [...this.#current.values()].filter((session) => this.#isAlive(session));
    const updates = [
      ...owed.map(([feederId, epoch]) => () => this.#endLease(feederId, epoch)),
      ...alive.map((session) => () => this.#hold(session)),
    ];
    while (updates.length > 0) await Promise.all(updates.splice(0, UPDATES_AT_ONCE).map((update) => update()));
    await this.#reconcile();
  }

  /** Whether the agent gave a sign of life within the time of a lease; CONNECT is one. */
  #isAlive({ lastBeatAtMs, epoch }: Session): boolean {
    return (lastBeatAtMs ?? epoch) > this.#deps.clock.now() - this.#deps.leaseSeconds * 1000;
  }

  /** Feeders told to be online that hold no lease become offline: when the store is there, and as a backstop ever after. */
  async #reconcile(): Promise<void> {
    const online = this.#deps.presence.online();
    try {
      const leases = await this.#deps.leases.findAll(online.map(({ feederId }) => feederId));
      for (const presence of online) {
        if (leases.has(presence.feederId)) continue;
        const session = this.#current.get(presence.feederId);
        // A lease that is gone before its time was lost by the store, not by the agent.
        if (session && this.#isAlive(session)) void this.#hold(session);
        else this.#tell(presence, 'lease-expired');
      }
    } catch (error) {
      this.#deps.onLeaseProblem(error);
    }
  }
}
