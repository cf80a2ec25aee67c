import type { Moment } from './clock.ts';

/**
 * When a feeder's readings were made, on the bridge's clock, in the readings' own order: a later reading has a later
 * time, though two may fall into one millisecond and a new offset may differ by a little. The bridge tells by these
 * times which of two readings stands.
 */
export class ReadingTimes {
  #latest: { monotonicMs: number; bridgeMs: number } | undefined;

  /** The time of the reading made at `moment`, which by the clock was at `bridgeMs`; the same whenever it is asked. */
  of({ monotonicMs }: Moment, bridgeMs: number): number {
    const latest = this.#latest;
    if (latest !== undefined && monotonicMs < latest.monotonicMs) return Math.min(bridgeMs, latest.bridgeMs - 1);
    if (latest?.monotonicMs === monotonicMs) return latest.bridgeMs;
    this.#latest = { monotonicMs, bridgeMs: Math.max(bridgeMs, (latest?.bridgeMs ?? -Infinity) + 1) };
    return this.#latest.bridgeMs;
  }
}
