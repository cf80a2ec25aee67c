import { Redis } from 'ioredis';
import { hasRedis, startRedis } from './server-process.ts';

/** A Redis server has 16 databases unless told otherwise: as many for each test worker (vitest.config.ts), in turn. */
const WORKERS = 4;
const DATABASES_PER_WORKER = Math.floor(16 / WORKERS);
let given = 0;

/** A Redis of the caller's own, emptied: with REDIS_URL set a database of that server that nobody else uses; else undefined. */
export async function freshRedis(): Promise<string | undefined> {
  const server = process.env['REDIS_URL'];
  if (server === undefined) return undefined;
  const url = new URL(server);
  const worker = Number(process.env['VITEST_POOL_ID'] ?? '0') % WORKERS;
  url.pathname = `/${worker * DATABASES_PER_WORKER + (given++ % DATABASES_PER_WORKER)}`;
  const redis = new Redis(url.href);
  await redis.flushdb();
  redis.disconnect();
  return url.href;
}

/** Whether there is a Redis to test with. */
export const redisIsThere = hasRedis || process.env['REDIS_URL'] !== undefined;

/** As `freshRedis`, but with a server of its own where none is given. */
export async function openRedis(): Promise<{ url: string; dispose(): Promise<void> }> {
  const url = await freshRedis();
  return url === undefined ? startRedis() : { url, dispose: () => Promise.resolve() };
}
