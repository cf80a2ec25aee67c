import { LeaseStoreUnavailable, type Lease, type LeaseStore } from '../../src/liveness/leases.ts';
import { LEASE_MS } from './settings.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Leases with an expiry, outside of the bridge: they outlive it. */
export class SimulatedLeases {
  readonly #time: VirtualTime;
  #held: { lease: Lease; untilMs: number } | undefined;
  #floor = 0;
  #heldUntilMs = -Infinity;
  /** Nobody can ask or set any. */
  isAway = false;

  constructor(time: VirtualTime) {
    this.#time = time;
  }

  /** When the one feeder last had a lease; now, if it has. */
  get lastHeldMs(): number {
    return Math.min(this.#time.nowMs, this.#held?.untilMs ?? this.#heldUntilMs);
  }

  /** The store forgets everything. */
  flush(): void {
    this.#drop();
    this.#floor = 0;
  }

  readonly store: Pick<LeaseStore, 'hold' | 'end' | 'find' | 'findAll'> = {
    hold: (lease) =>
      this.#answer(() => {
        if (lease.epoch < this.#floor) return 'stale';
        this.#floor = lease.epoch;
        this.#held = { lease, untilMs: this.#time.nowMs + LEASE_MS };
        return 'held';
      }),
    end: (_feederId, epoch) =>
      this.#answer(() => {
        if (epoch < this.#floor) return false;
        this.#floor = epoch + 1;
        return this.#drop();
      }),
    find: () => this.#answer(() => this.#alive()),
    findAll: (feederIds) =>
      this.#answer(() => {
        const lease = this.#alive();
        return new Map(lease && feederIds.includes(lease.feederId) ? [[lease.feederId, lease]] : []);
      }),
  };

  #alive(): Lease | undefined {
    return this.#held && this.#time.nowMs < this.#held.untilMs ? this.#held.lease : undefined;
  }

  #drop(): boolean {
    if (this.#held === undefined) return false;
    this.#heldUntilMs = Math.min(this.#time.nowMs, this.#held.untilMs);
    this.#held = undefined;
    return true;
  }

  #answer<T>(answer: () => T): Promise<T> {
    return this.isAway ? Promise.reject(new LeaseStoreUnavailable('the lease store is away')) : Promise.resolve(answer());
  }
}
