/** A feeder's agent is alive: which of its sessions holds the lease, on which bridge. */
export type Lease = {
  readonly feederId: string;
  readonly sessionId: string;
  readonly bridgeId: string;
  /** Which session is newer: milliseconds at its CONNECT, strictly rising for each feeder. */
  readonly epoch: number;
};

/**
 * Leases with an expiry. Every lease ends in exactly one way: `end` returned true, its expiry was told, a higher epoch
 * took its place, it was forgotten, or the store lost its data.
 *
 * An epoch is over for good once a higher one was held or ended, or itself was ended: whatever comes late from it
 * changes nothing. After an expiry it may hold again.
 *
 * Every operation rejects with `LeaseStoreUnavailable` within 500 ms when the store cannot answer; it may have taken
 * effect all the same, and doing it again is harmless.
 */
export type LeaseStore = {
  /** Sets or renews a lease from now on; `stale`, and nothing changed, where its epoch is over. */
  hold(lease: Lease): Promise<'held' | 'stale'>;
  /** Ends the feeder's lease if it is of this epoch or a lower one. Whether there was one to end. */
  end(feederId: string, epoch: number): Promise<boolean>;
  find(feederId: string): Promise<Lease | undefined>;
  /** The leases of those feeders that have one, in one round trip. */
  findAll(feederIds: readonly string[]): Promise<Map<string, Lease>>;
  /** Removes a feeder's lease and all that is known of its epochs. */
  forget(feederId: string): Promise<void>;
  /** Tells each expiry once, within 300 ms of the deadline, on every store that shares the data. */
  onExpired(listener: (lease: Lease) => void): void;
  /** Tells that the store is there, the first time and after it was away or lost its data, so that holders hold anew. */
  onRestored(listener: () => void): void;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Stops telling; the leases stay as they are. */
  close(): Promise<void>;
};

/** Leases can neither be read nor set now. */
export class LeaseStoreUnavailable extends Error {
  readonly code = 'lease-store-unavailable';
  override readonly name = 'LeaseStoreUnavailable';
}
