import type { MachineClocks } from '../machine/clocks.ts';

/** A moment on both of this machine's clocks. */
export type Moment = { wallMs: number; monotonicMs: number };

/**
 * What one heartbeat and its reply tell: the bridge's time halfway through the round trip, give or take half of it and
 * the millisecond in which the bridge tells its time.
 */
type Sample = { bridgeMs: number; halfTripMs: number; at: Moment };

/** Beyond this difference a clock was adjusted, or the machine was suspended. */
const CLOCKS_PARTED_MS = 1_000;
/** The bridge's time is told in whole milliseconds, so it may be this much later. */
const RESOLUTION_MS = 1;
/** How much faster than the bridge's a machine's clocks may run. */
const MOST_DRIFT = 0.001;
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
  /** Oldest first, each with a smaller round trip than all after it: the first is the best, and one is left when it is too old. */
  #samples: Sample[] = [];
  /** The newest of all sessions; good for what is past, however old it is. */
  #latest: Sample | undefined;

  constructor(machine: MachineClocks, heartbeatSeconds: number) {
    this.#machine = machine;
    this.#goodForMs = GOOD_FOR_BEATS * heartbeatSeconds * 1000;
  }

  moment(): Moment {
    return { wallMs: this.#machine.wallMs(), monotonicMs: this.#machine.monotonicMs() };
  }

  /** A new session: what an earlier one told no longer counts. */
  reset(): void {
    this.#samples = [];
  }

  /** Takes a reply to a beat sent at `sentAt`, in which the bridge gave its time. */
  take(sentAt: Moment, bridgeAtMs: number): void {
    const at = this.moment();
    // The monotonic clock alone would not see a suspension too short for the clocks to have parted.
    const halfTripMs = laterMs(sentAt, at) / 2;
    if (partedMs(sentAt, at) > CLOCKS_PARTED_MS) return;
    const better = this.#samples.filter((known) => known.halfTripMs < halfTripMs);
    this.#latest = { bridgeMs: bridgeAtMs + halfTripMs, halfTripMs, at };
    this.#samples = [...better, this.#latest];
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
    // A past moment stays past, even if the wall clock was set back since.
    const elapsedMs = Math.min(laterMs(sample.at, moment), laterMs(sample.at, this.moment()));
    return Math.floor(sample.bridgeMs + elapsedMs);
  }

  /**
   * The same, but by an earlier session's reply where this one told nothing yet, or the clocks have parted since; undefined
   * only before the first reply of all.
   */
  roughlyAt(moment: Moment): number | undefined {
    const { bridgeMs, at } = this.#latest ?? {};
    return this.at(moment) ?? (bridgeMs === undefined || at === undefined ? undefined : Math.floor(bridgeMs + soonerMs(at, moment)));
  }

  /** The earliest that the bridge's time can be now; undefined while it is not known. */
  earliestNow(): number | undefined {
    const sample = this.#current();
    return sample && sample.bridgeMs - sample.halfTripMs + soonerMs(sample.at, this.moment());
  }

  /** The latest that the bridge's time can be now; undefined while it is not known. */
  latestNow(): number | undefined {
    const sample = this.#current();
    return sample && sample.bridgeMs + sample.halfTripMs + RESOLUTION_MS + laterMs(sample.at, this.moment());
  }

  /**
   * Whether it is surely earlier than `deadlineMs` on the bridge's clock; undefined while that is not known. That it is too
   * late an earlier session's reply tells as well, so that what was begun is taken back though the bridge is away.
   */
  isSurelyBefore(deadlineMs: number): boolean | undefined {
    const latestMs = this.latestNow();
    if (latestMs !== undefined) return latestMs < deadlineMs;
    return this.#isSurelyPast(deadlineMs) ? false : undefined;
  }

  #isSurelyPast(deadlineMs: number): boolean {
    if (this.#latest === undefined) return false;
    const { bridgeMs, halfTripMs, at } = this.#latest;
    const elapsedMs = soonerMs(at, this.moment());
    return bridgeMs - halfTripMs + elapsedMs * (1 - MOST_DRIFT) >= deadlineMs;
  }

  #current(): Sample | undefined {
    const now = this.moment();
    this.#samples = this.#samples.filter(({ at }) => {
      const tooOld = now.monotonicMs - at.monotonicMs > this.#goodForMs;
      return !tooOld && partedMs(at, now) <= CLOCKS_PARTED_MS;
    });
    return this.#samples[0];
  }
}

/** How much time passed between two moments, by the clock that saw more of it. */
const laterMs = (from: Moment, to: Moment): number => Math.max(to.wallMs - from.wallMs, to.monotonicMs - from.monotonicMs);

/** … and by the clock that saw less of it. */
const soonerMs = (from: Moment, to: Moment): number => Math.min(to.wallMs - from.wallMs, to.monotonicMs - from.monotonicMs);

/** How far the two clocks have moved apart between two moments. */
const partedMs = (from: Moment, to: Moment): number =>
  Math.abs(to.wallMs - from.wallMs - (to.monotonicMs - from.monotonicMs));
