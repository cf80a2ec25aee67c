import type { MachineClocks } from '../../machine/clocks.ts';

/** How much of something there may be: `burst` at once, and `perSecond` in the long run. */
export type Rate = { readonly perSecond: number; readonly burst: number };

const MAX_KEYS = 100_000;

type Bucket = { left: number; atMs: number };

/**
 * Holds each key to a rate, and none of them to another's. Memory is bounded: beyond `maxKeys` the one that has not asked
 * for longest is forgotten, and begins anew.
 */
export class Meter {
  readonly #rate: Rate;
  readonly #clock: Pick<MachineClocks, 'monotonicMs'>;
  readonly #maxKeys: number;
  /** The one that asked last comes last. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, clock: Pick<MachineClocks, 'monotonicMs'>, maxKeys: number = MAX_KEYS) {
    this.#rate = rate;
    this.#clock = clock;
    this.#maxKeys = maxKeys;
  }

  /** Takes `cost` for `key`. False, and nothing is taken, where that is more than it may have now. */
  take(key: string, cost = 1): boolean {
    const bucket = this.#filled(key);
    if (cost > bucket.left) return false;
    bucket.left -= cost;
    return true;
  }

  #filled(key: string): Bucket {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.get(key) ?? { left: burst, atMs: nowMs };
    bucket.left = Math.min(burst, bucket.left + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    this.#keep(key, bucket);
    return bucket;
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size <= this.#maxKeys) return;
    for (const stalest of this.#buckets.keys()) {
      this.#buckets.delete(stalest);
      return;
    }
  }
}
