/** The two clocks of a machine, handed in so that a test can move them. */
export type MachineClocks = {
  /** Milliseconds since 1970; the farm PC's may be hours wrong or jump. */
  wallMs(): number;
  /** Milliseconds since some start; never jumps, but may stand still while the machine is suspended. */
  monotonicMs(): number;
};

export const machineClocks: MachineClocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** A moment on both of this machine's clocks. */
export type Moment = { wallMs: number; monotonicMs: number };

/** What one heartbeat and its reply tell: the bridge's time halfway through the round trip, give or take half of it. */
type Sample = { bridgeMs: number; halfTripMs: number; at: Moment };

/** Beyond this difference a clock was adjusted, or the machine was suspended. */
const CLOCKS_PARTED_MS = 1_000;
/** How many beats a sample stays good for. */
const GOOD_FOR_BEATS = 3;

/**
 * The bridge's time as an agent can know it: from the heartbeat reply with the smallest round trip of this session, at
 * most three beats old, carried forward by the later of the wall clock and the monotonic clock. When those part, the
 * sample is thrown away and nothing is known until the next reply.
 */
export class BridgeTime {
  readonly #machine: MachineClocks;
  readonly #goodForMs: number;
  #sample: Sample | undefined;

  constructor(machine: MachineClocks, heartbeatSeconds: number) {
    this.#machine = machine;
    this.#goodForMs = GOOD_FOR_BEATS * heartbeatSeconds * 1000;
  }

  moment(): Moment {
    return { wallMs: this.#machine.wallMs(), monotonicMs: this.#machine.monotonicMs() };
  }

  /** A new session: what an earlier one told no longer counts. */
  reset(): void {
    this.#sample = undefined;
  }

  /** Takes a reply to a beat sent at `sentAt`, in which the bridge gave its time. */
  take(sentAt: Moment, bridgeAtMs: number): void {
    const at = this.moment();
    const halfTripMs = (at.monotonicMs - sentAt.monotonicMs) / 2;
    if (partedMs(sentAt, at) > CLOCKS_PARTED_MS) return;
    const known = this.#current();
    if (known && known.halfTripMs < halfTripMs) return;
    this.#sample = { bridgeMs: bridgeAtMs + halfTripMs, halfTripMs, at };
  }

  /** Whether the bridge's time is known now. */
  isKnown(): boolean {
    return this.#current() !== undefined;
  }

  /** The bridge's time now, in whole milliseconds since 1970; undefined while it is not known. */
  now(): number | undefined {
    return this.at(this.moment());
  }

  /** The bridge's time at a moment of this session, past ones included; undefined while it is not known. */
  at(moment: Moment): number | undefined {
    const sample = this.#current();
    if (sample === undefined) return undefined;
    const byWallMs = moment.wallMs - sample.at.wallMs;
    const byMonotonicMs = moment.monotonicMs - sample.at.monotonicMs;
    return Math.floor(sample.bridgeMs + Math.max(byWallMs, byMonotonicMs));
  }

  /** Whether it is surely earlier than `deadlineMs` on the bridge's clock; undefined while that is not known. */
  isSurelyBefore(deadlineMs: number): boolean | undefined {
    const sample = this.#current();
    const now = this.now();
    if (sample === undefined || now === undefined) return undefined;
    return now + sample.halfTripMs < deadlineMs;
  }

  #current(): Sample | undefined {
    const sample = this.#sample;
    if (sample === undefined) return undefined;
    const now = this.moment();
    const tooOld = now.monotonicMs - sample.at.monotonicMs > this.#goodForMs;
    if (tooOld || partedMs(sample.at, now) > CLOCKS_PARTED_MS) this.#sample = undefined;
    return this.#sample;
  }
}

/** How far the two clocks have moved apart between two moments. */
const partedMs = (from: Moment, to: Moment): number =>
  Math.abs(to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs));
