import { hashSecret } from '../secrets.ts';

/** So many there may be, of one caller and of all. */
export type Most = { ofOne: number; ofAll: number };

/**
 * What callers were given for a secret, found by it; of the secret only a hash is kept. Memory is bounded: where there are
 * too many, the caller's own oldest goes, and where it has none, the oldest of all.
 */
export class HeldByCallers<T extends { readonly callerId: string }> {
  readonly #most: Most;
  /** By the hash in hex, the oldest first. */
  readonly #byHash = new Map<string, T>();
  /** The hashes of each caller, the oldest first. */
  readonly #ofCaller = new Map<string, Set<string>>();

  constructor(most: Most) {
    this.#most = most;
  }

  find(secret: string): T | undefined {
    return this.#byHash.get(keyOf(secret));
  }

  /** Holds another, and tells which one had to go for it. */
  hold(secret: string, item: T): T | undefined {
    const own = this.#ofCaller.get(item.callerId) ?? new Set();
    const isFull = own.size >= this.#most.ofOne || this.#byHash.size >= this.#most.ofAll;
    const [oldest] = isFull ? (own.size > 0 ? own : this.#byHash.keys()) : [];
    const gone = oldest === undefined ? undefined : this.#remove(oldest);
    const hash = keyOf(secret);
    this.#byHash.set(hash, item);
    // The last one of a caller takes its set along.
    this.#ofCaller.set(item.callerId, own.add(hash));
    return gone;
  }

  drop(secret: string): void {
    this.#remove(keyOf(secret));
  }

  /** Drops those that fit. */
  dropWhere(fits: (item: T) => boolean): void {
    for (const [hash, item] of this.#byHash) if (fits(item)) this.#remove(hash);
  }

  #remove(hash: string): T | undefined {
    const item = this.#byHash.get(hash);
    if (item === undefined) return undefined;
    this.#byHash.delete(hash);
    const own = this.#ofCaller.get(item.callerId);
    own?.delete(hash);
    if (own?.size === 0) this.#ofCaller.delete(item.callerId);
    return item;
  }
}

const keyOf = (secret: string): string => hashSecret(secret).toString('hex');
