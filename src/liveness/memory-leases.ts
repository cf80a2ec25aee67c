import type { Lease, LeaseStore } from './leases.ts';

const SWEEP_MS = 100;

/** Leases in this process, for a bridge without Redis; they end with it. */
export class MemoryLeases implements LeaseStore {
  readonly #leaseMs: number;
  readonly #monotonicMs: () => number;
  /** In the order of their deadlines, for all leases last equally long: a renewed one moves to the end. */
  readonly #held = new Map<string, { lease: Lease; deadlineMs: number }>();
  /** The lowest epoch that may still hold, by feeder. */
  readonly #floors = new Map<string, number>();
  readonly #listeners: ((lease: Lease) => void)[] = [];
  readonly #timer: NodeJS.Timeout;

  constructor(leaseSeconds: number, monotonicMs: () => number = () => performance.now()) {
    this.#leaseMs = leaseSeconds * 1000;
    this.#monotonicMs = monotonicMs;
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS);
  }

  hold(lease: Lease): Promise<'held' | 'stale'> {
    this.sweep();
    const { feederId, epoch } = lease;
    if (epoch < this.#floor(feederId)) return Promise.resolve('stale');
    this.#floors.set(feederId, epoch);
    this.#held.delete(feederId);
    this.#held.set(feederId, { lease, deadlineMs: this.#monotonicMs() + this.#leaseMs });
    return Promise.resolve('held');
  }

  end(feederId: string, epoch: number): Promise<boolean> {
    this.sweep();
    if (epoch < this.#floor(feederId)) return Promise.resolve(false);
    this.#floors.set(feederId, epoch + 1);
    return Promise.resolve(this.#held.delete(feederId));
  }

  find(feederId: string): Promise<Lease | undefined> {
    this.sweep();
    return Promise.resolve(this.#held.get(feederId)?.lease);
  }

  findAll(feederIds: readonly string[]): Promise<Map<string, Lease>> {
    this.sweep();
    const found = new Map<string, Lease>();
    for (const feederId of feederIds) {
      const entry = this.#held.get(feederId);
      if (entry) found.set(feederId, entry.lease);
    }
    return Promise.resolve(found);
  }

  forget(feederId: string): Promise<void> {
    this.#held.delete(feederId);
    this.#floors.delete(feederId);
    return Promise.resolve();
  }

  onExpired(listener: (lease: Lease) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells once: this process's memory is there from the beginning and never away. */
  onRestored(listener: () => void): void {
    queueMicrotask(listener);
  }

  ping(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    this.#listeners.length = 0;
    return Promise.resolve();
  }

  /** Tells every expiry that is due. */
  sweep(): void {
    const now = this.#monotonicMs();
    for (const [feederId, { lease, deadlineMs }] of this.#held) {
      if (deadlineMs > now) return;
      this.#held.delete(feederId);
      for (const listener of this.#listeners) listener(lease);
    }
  }

  #floor(feederId: string): number {
    return this.#floors.get(feederId) ?? 0;
  }
}
