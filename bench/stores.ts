import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';

/** What a bridge, or the floor, keeps its data in. */
export type Store = { databaseUrl: string | undefined; redisUrl: string | undefined; dataDir: string };

/** The stores of a benchmark: made for it and removed after it, so that nobody's data is touched. */
export class Stores {
  /** How they are called in the report. */
  readonly kind: string;
  readonly #serverUrl: string | undefined;
  readonly #redisUrl: string | undefined;
  readonly #folder: string;
  readonly #made: string[] = [];

  private constructor(folder: string, serverUrl: string | undefined, redisUrl: string | undefined) {
    this.#folder = folder;
    this.#serverUrl = serverUrl;
    this.#redisUrl = redisUrl;
    this.kind = `${serverUrl === undefined ? 'embedded Postgres' : 'Postgres on a server'}, ${redisUrl === undefined ? 'leases in process' : 'Redis'}`;
  }

  /** The servers given, or embedded stores in `folder`; rejects where the Redis database given is in use. */
  static async open(folder: string, { DATABASE_URL, REDIS_URL }: Readonly<Record<string, string | undefined>>): Promise<Stores> {
    if (REDIS_URL !== undefined) {
      const size = await onRedis(REDIS_URL, (redis) => redis.dbsize());
      if (size > 0) {
        throw new Error(
          `REDIS_URL: expected an empty Redis database, but it holds ${size} keys and is cleared afterwards; name another one, such as redis://host:6379/15`,
        );
      }
    }
    return new Stores(folder, DATABASE_URL, REDIS_URL);
  }

  /** Does what Postgres does by itself some time after many rows have come; the embedded one is left as it is. */
  async vacuum({ databaseUrl }: Store): Promise<void> {
    if (databaseUrl !== undefined) await onServer(databaseUrl, 'VACUUM ANALYZE');
  }

  /** A store with nothing in it. */
  async fresh(name: string): Promise<Store> {
    const dataDir = join(this.#folder, name);
    if (this.#serverUrl === undefined) return { databaseUrl: undefined, redisUrl: this.#redisUrl, dataDir };
    const database = `feederbridge_bench_${randomUUID().replaceAll('-', '')}`;
    await onServer(this.#serverUrl, `CREATE DATABASE ${database}`).catch((cause: unknown) => {
      throw new Error(`DATABASE_URL: expected a server on which its user may create a database: ${String(cause)}`, { cause });
    });
    this.#made.push(database);
    const url = new URL(this.#serverUrl);
    url.pathname = `/${database}`;
    return { databaseUrl: url.href, redisUrl: this.#redisUrl, dataDir };
  }

  /** Removes all that was made; whoever used it must have ended. */
  async remove(): Promise<void> {
    if (this.#serverUrl !== undefined) {
      for (const database of this.#made.splice(0)) await onServer(this.#serverUrl, `DROP DATABASE ${database} WITH (FORCE)`);
    }
    await this.clearLeases();
  }

  /** Forgets the leases of a bridge that has ended. */
  async clearLeases(): Promise<void> {
    if (this.#redisUrl !== undefined) await onRedis(this.#redisUrl, (redis) => redis.flushdb());
  }
}

async function onServer(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function onRedis<T>(redisUrl: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null });
  // The command under way rejects as well, and tells.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } catch (cause) {
    throw new Error(`REDIS_URL: expected a Redis server that answers: ${String(cause)}`, { cause });
  } finally {
    redis.disconnect();
  }
}
