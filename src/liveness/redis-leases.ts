import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { END, FORGET, HOLD, JOIN, KEYS, SWEEP, leaseKey } from './lease-scripts.ts';
import { LeaseStoreUnavailable, type Lease, type LeaseStore } from './leases.ts';

const ANSWER_MS = 400;
/** Sweeping on every connection's own clock keeps every expiry within 300 ms of its deadline, a slow answer included. */
const SWEEP_MS = 150;
const RECONNECT_MS = 100;
/** A connection on which nothing came for so long is replaced. */
const SILENCE_MS = 2000;
const BATCH = 500;
const EXPIRIES_KEPT = 100_000;

const StoredLease = z.object({ sessionId: z.string(), bridgeId: z.string(), epoch: z.number() });
const Joined = z.tuple([z.string(), z.string()]);
/** Of an entry its place is sure; the rest may be another program's. */
const Swept = z.tuple([z.string(), z.array(z.tuple([z.string()]).rest(z.unknown()))]);

/** Where this store has read the expiries up to, and in which life of the data. */
type Place = { generation: string; after: string };

/** Leases in Redis, shared by every store with the same URL. Needs Redis 6.2 or newer. */
export class RedisLeases implements LeaseStore {
  readonly #redis: Redis;
  readonly #leaseMs: string;
  readonly #expiredListeners: ((lease: Lease) => void)[] = [];
  readonly #restoredListeners: (() => void)[] = [];
  #place: Place | undefined;
  #away = true;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;
  #lastConnectionError: Error | undefined;

  /** Connects in the background, and again whenever the connection is lost. */
  constructor(redisUrl: string, leaseSeconds: number) {
    this.#leaseMs = String(Math.round(leaseSeconds * 1000));
    this.#redis = new Redis(redisUrl, {
      // a command that cannot be sent and answered now is refused, never kept for later
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      commandTimeout: ANSWER_MS,
      connectTimeout: SILENCE_MS,
      socketTimeout: SILENCE_MS,
      retryStrategy: () => RECONNECT_MS,
    });
    this.#redis.on('error', (error: Error) => (this.#lastConnectionError = error));
    this.#redis.on('close', () => (this.#away = true));
    this.#sweepAfter(0);
  }

  async hold(lease: Lease): Promise<'held' | 'stale'> {
    const { feederId, ...stored } = lease;
    const held = await this.#run(HOLD, feederId, String(lease.epoch), JSON.stringify(stored), this.#leaseMs);
    return held === 1 ? 'held' : 'stale';
  }

  async end(feederId: string, epoch: number): Promise<boolean> {
    return (await this.#run(END, feederId, String(epoch), String(epoch + 1))) === 1;
  }

  async find(feederId: string): Promise<Lease | undefined> {
    return (await this.findAll([feederId])).get(feederId);
  }

  async findAll(feederIds: readonly string[]): Promise<Map<string, Lease>> {
    const found = new Map<string, Lease>();
    if (feederIds.length === 0) return found;
    const texts = await this.#ask(() => this.#redis.mget(feederIds.map(leaseKey)));
    for (const [index, feederId] of feederIds.entries()) {
      const text = texts[index];
      const lease = typeof text === 'string' ? readLease(feederId, text) : undefined;
      if (lease) found.set(feederId, lease);
    }
    return found;
  }

  async forget(feederId: string): Promise<void> {
    await this.#run(FORGET, feederId);
  }

  onExpired(listener: (lease: Lease) => void): void {
    this.#expiredListeners.push(listener);
  }

  onRestored(listener: () => void): void {
    this.#restoredListeners.push(listener);
  }

  async ping(): Promise<void> {
    // A server that answers may still refuse to write: out of memory, read-only, a failing disk.
    await this.#ask(() => this.#redis.set('leases:probe', '1', 'PX', 1_000));
  }

  close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#redis.disconnect();
    return Promise.resolve();
  }

  /** Each sweep sets the time of the next when it is done, so that they never pile up on a slow server. */
  #sweepAfter(ms: number): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      const startedAtMs = performance.now();
      this.#sweep().then(
        (more) => this.#sweepAfter(more ? 0 : Math.max(0, SWEEP_MS - (performance.now() - startedAtMs))),
        (error: unknown) => {
          if (!(error instanceof LeaseStoreUnavailable)) throw error;
          this.#away = true; // the bridge's own operations tell why
          this.#sweepAfter(SWEEP_MS);
        },
      );
    }, ms);
  }

  /** Claims and tells what has expired; whether there may be more at once. */
  async #sweep(): Promise<boolean> {
    if (this.#place === undefined) {
      // first of all, and on its own: what the first sweep claims must lie behind this place, though its answer is lost
      const [generation, after] = Joined.parse(await this.#run(JOIN, randomUUID()));
      this.#place = { generation, after };
    }
    const known = this.#place;
    const answer = await this.#run(SWEEP, randomUUID(), known.generation, known.after, String(BATCH), String(EXPIRIES_KEPT));
    if (this.#closed) return false;
    const [generation, entries] = Swept.parse(answer);
    const begunAnew = generation !== known.generation;
    this.#place = { generation, after: entries.at(-1)?.[0] ?? (begunAnew ? '0-0' : known.after) };
    for (const [, feederId, text] of entries) {
      const lease = typeof feederId === 'string' && typeof text === 'string' ? readLease(feederId, text) : undefined;
      if (lease) for (const listener of this.#expiredListeners) listener(lease);
    }
    if (this.#away || begunAnew) {
      this.#away = false;
      for (const listener of this.#restoredListeners) listener();
    }
    return entries.length === BATCH;
  }

  async #run(script: string, ...args: string[]): Promise<unknown> {
    const sha = createHash('sha1').update(script).digest('hex');
    return this.#ask(async () => {
      try {
        return await this.#redis.evalsha(sha, KEYS.length, ...KEYS, ...args);
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return await this.#redis.eval(script, KEYS.length, ...KEYS, ...args);
      }
    });
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (error) {
      const why = [error, this.#redis.status === 'ready' ? undefined : this.#lastConnectionError];
      const text = why.flatMap((cause) => (cause instanceof Error ? [cause.message] : [])).join('; ');
      throw new LeaseStoreUnavailable(`expected an answer from Redis: ${text}`, { cause: error });
    }
  }
}

/** What is not a lease, for another program may write to this Redis too, counts as none. */
function readLease(feederId: string, text: string): Lease | undefined {
  try {
    return { feederId, ...StoredLease.parse(JSON.parse(text)) };
  } catch {
    return undefined;
  }
}
