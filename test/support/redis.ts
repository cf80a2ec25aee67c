import { Redis } from 'ioredis';
import { hasRedis, startRedis } from './server-process.ts';

/**
 * A Redis of the test file's own, emptied: with REDIS_URL set that server, and a database of it that no other test
 * worker uses; else undefined.
 */
export async function freshRedis(): Promise<string | undefined> {
  const server = process.env['REDIS_URL'];
  if (server === undefined) return undefined;
  const url = new URL(server);
  url.pathname = `/${process.env['VITEST_POOL_ID'] ?? '0'}`;
  const redis = new Redis(url.href);
  await redis.flushdb();
  redis.disconnect();
  return url.href;
}

/** Whether there is a Redis to test with. */
export const redisIsThere = hasRedis || process.env['REDIS_URL'] !== undefined;

/** As `freshRedis`, but with a server of its own where none is given. */
export async function openRedis(): Promise<{ url: string; dispose(): Promise<void> }> {
  const given = await freshRedis();
  return given === undefined ? startRedis() : { url: given, dispose: () => Promise.resolve() };
}
