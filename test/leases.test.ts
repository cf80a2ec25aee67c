import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Lease, LeaseStore } from '../src/liveness/leases.ts';
import { LeaseStoreUnavailable } from '../src/liveness/leases.ts';
import { MemoryLeases } from '../src/liveness/memory-leases.ts';
import { RedisLeases } from '../src/liveness/redis-leases.ts';
import { freshRedis } from './support/redis.ts';
import { hasRedis, startRedis, type ServerProcess } from './support/server-process.ts';

const LEASE_SECONDS = 0.4;
const LATE_MS = 300;
const redisIsThere = hasRedis || process.env['REDIS_URL'] !== undefined;
if (!redisIsThere) console.warn('leases in Redis are not tested: neither REDIS_URL nor a redis-server binary is there');

const lease = (feederId: string, epoch: number, sessionId = `s${epoch}`): Lease => ({
  feederId,
  sessionId,
  bridgeId: 'bridge-a',
  epoch,
});

const opened: LeaseStore[] = [];
function keep<T extends LeaseStore>(store: T): T {
  opened.push(store);
  return store;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  if (redisIsThere) await flush();
});

/** All that the store tells from now on. */
function listen(store: LeaseStore): { lease: Lease; atMs: number }[] {
  const told: { lease: Lease; atMs: number }[] = [];
  store.onExpired((expired) => told.push({ lease: expired, atMs: performance.now() }));
  return told;
}

const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { timeout: 5000, interval: 10 });

let redisUrl = '';
let ownRedis: ServerProcess | undefined;
beforeAll(async () => {
  if (!redisIsThere) return;
  const given = await freshRedis();
  if (given === undefined) ownRedis = await startRedis();
  redisUrl = given ?? ownRedis?.url ?? '';
});
afterAll(() => ownRedis?.dispose());

async function flush(): Promise<void> {
  const redis = new Redis(redisUrl);
  await redis.flushdb();
  redis.disconnect();
}

async function openRedis(leaseSeconds = LEASE_SECONDS, url = redisUrl): Promise<RedisLeases> {
  const store = keep(new RedisLeases(url, leaseSeconds));
  await new Promise<void>((resolve) => store.onRestored(resolve));
  return store;
}

const stores = [
  { where: 'in the process', skip: false, open: async () => Promise.resolve(keep(new MemoryLeases(LEASE_SECONDS))) },
  { where: 'in Redis', skip: !redisIsThere, open: () => openRedis() },
];

for (const { where, skip, open } of stores) {
  describe.skipIf(skip)(`a lease ${where}`, () => {
    let feeder = '';
    let count = 0;
    const nextFeeder = (): string => (feeder = `pond-${++count}`);

    it('is found while it is held, and not after it was ended', async () => {
      const store = await open();
      nextFeeder();
      expect(await store.find(feeder)).toBeUndefined();
      expect(await store.hold(lease(feeder, 5))).toBe('held');
      expect(await store.find(feeder)).toEqual(lease(feeder, 5));
      expect(await store.findAll([feeder, 'nobody'])).toEqual(new Map([[feeder, lease(feeder, 5)]]));
      expect(await store.end(feeder, 5)).toBe(true);
      expect(await store.find(feeder)).toBeUndefined();
      expect(await store.end(feeder, 5)).toBe(false);
    });

    it('is told as expired once, at its deadline, and is gone by then', async () => {
      const store = await open();
      const told = listen(store);
      nextFeeder();
      const heldAtMs = performance.now();
      await store.hold(lease(feeder, 5));
      await until(() => expect(told).toHaveLength(1));
      const lateMs = (told[0]?.atMs ?? 0) - heldAtMs - LEASE_SECONDS * 1000;
      expect(told[0]?.lease).toEqual(lease(feeder, 5));
      expect(lateMs).toBeGreaterThan(-10);
      expect(lateMs).toBeLessThan(LATE_MS);
      expect(await store.find(feeder)).toBeUndefined();
      await store.hold(lease('another', 1));
      await until(() => expect(told.map((each) => each.lease.feederId)).toEqual([feeder, 'another']));
    });

    it('lives on while it is renewed, and may be held again by its session after it expired', async () => {
      const store = await open();
      const told = listen(store);
      nextFeeder();
      const renewing = setInterval(() => void store.hold(lease(feeder, 5)), 100);
      await store.hold(lease(`${feeder}-not`, 5));
      await until(() => expect(told).toHaveLength(1));
      expect(told[0]?.lease.feederId).toBe(`${feeder}-not`);
      expect(await store.find(feeder)).toBeDefined();
      clearInterval(renewing);
      await until(() => expect(told).toHaveLength(2));
      expect(await store.hold(lease(feeder, 5))).toBe('held');
      expect(await store.find(feeder)).toEqual(lease(feeder, 5));
    });

    it('is not told as expired when it was ended', async () => {
      const store = await open();
      const told = listen(store);
      nextFeeder();
      await store.hold(lease(feeder, 5));
      await store.end(feeder, 5);
      await store.hold(lease(`${feeder}-later`, 5));
      await until(() => expect(told).toHaveLength(1));
      expect(told[0]?.lease.feederId).toBe(`${feeder}-later`);
    });

    it('is not changed by anything of a lower epoch, held, ended or expired', async () => {
      const store = await open();
      const told = listen(store);
      nextFeeder();
      await store.hold(lease(feeder, 5));
      expect(await store.hold(lease(feeder, 4))).toBe('stale');
      expect(await store.end(feeder, 4)).toBe(false);
      expect(await store.find(feeder)).toEqual(lease(feeder, 5));
      await until(() => expect(told.map((each) => each.lease)).toEqual([lease(feeder, 5)]));
      expect(await store.hold(lease(feeder, 4))).toBe('stale');
      await store.hold(lease(feeder, 6));
      expect(await store.end(feeder, 6)).toBe(true);
      expect(await store.hold(lease(feeder, 5))).toBe('stale');
      expect(await store.hold(lease(feeder, 6))).toBe('stale');
      expect(await store.find(feeder)).toBeUndefined();
      expect(await store.hold(lease(feeder, 7))).toBe('held');
    });

    it('goes to a higher epoch, whose expiry is told as its own', async () => {
      const store = await open();
      const told = listen(store);
      nextFeeder();
      await store.hold(lease(feeder, 5));
      expect(await store.hold(lease(feeder, 6))).toBe('held');
      expect(await store.find(feeder)).toEqual(lease(feeder, 6));
      await until(() => expect(told.map((each) => each.lease)).toEqual([lease(feeder, 6)]));
      await store.hold(lease(feeder, 7));
      expect(await store.end(feeder, 8)).toBe(true);
    });

    it('is forgotten together with its epochs', async () => {
      const store = await open();
      nextFeeder();
      await store.hold(lease(feeder, 5));
      await store.forget(feeder);
      expect(await store.find(feeder)).toBeUndefined();
      expect(await store.hold(lease(feeder, 1))).toBe('held');
    });
  });
}

describe('leases in the process, against a model', () => {
  const FEEDERS = ['pond-1', 'pond-2'];
  const step = fc.oneof(
    fc.record({ kind: fc.constant('hold' as const), feeder: fc.constantFrom(...FEEDERS), epoch: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('end' as const), feeder: fc.constantFrom(...FEEDERS), epoch: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 1500 }) }),
  );

  it('do what a few lines of arithmetic say, for any order of events', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        let now = 0;
        const store = new MemoryLeases(1, () => now);
        const told: string[] = [];
        store.onExpired(({ feederId, epoch }) => told.push(`${feederId} ${epoch}`));
        const model = new Map(FEEDERS.map((feeder) => [feeder, { over: 0, epoch: 0, deadline: 0 }]));
        const expected: string[] = [];
        for (const each of steps) {
          if (each.kind === 'advance') {
            now += each.ms;
            const due = [...model].filter(([, { epoch, deadline }]) => epoch > 0 && deadline <= now);
            for (const [feeder, state] of due.sort(([, a], [, b]) => a.deadline - b.deadline)) {
              expected.push(`${feeder} ${state.epoch}`);
              state.epoch = 0;
            }
            store.sweep();
            expect([...told].sort()).toEqual([...expected].sort());
            continue;
          }
          const state = model.get(each.feeder) ?? { over: 0, epoch: 0, deadline: 0 };
          const counts = each.epoch > state.over;
          if (each.kind === 'hold') {
            const answer = await store.hold(lease(each.feeder, each.epoch));
            expect(answer).toBe(counts ? 'held' : 'stale');
            if (counts) Object.assign(state, { over: each.epoch - 1, epoch: each.epoch, deadline: now + 1000 });
          } else {
            expect(await store.end(each.feeder, each.epoch)).toBe(counts && state.epoch > 0);
            if (counts) Object.assign(state, { over: each.epoch, epoch: 0 });
          }
          expect((await store.find(each.feeder))?.epoch ?? 0).toBe(state.epoch);
        }
        await store.close();
      }),
      { numRuns: 300 },
    );
  });
});

describe.skipIf(!redisIsThere)('leases in one Redis, shared by two stores', () => {
  it('are told as ever though another program writes to their stream', async () => {
    const store = await openRedis();
    const told = listen(store);
    const stranger = new Redis(redisUrl);
    await stranger.xadd('leases:expired', '*', 'foo', 'bar');
    await stranger.xadd('leases:expired', '*', 'feeder', 'x', 'lease', 'no JSON');
    stranger.disconnect();
    await store.hold(lease('honest', 5));
    await until(() => expect(told.map((each) => each.lease)).toEqual([lease('honest', 5)]));
  });

  it('tell each expiry once on both, whoever sweeps, in batches too', async () => {
    const [a, b] = await Promise.all([openRedis(), openRedis()]);
    const [toldByA, toldByB] = [listen(a), listen(b)];
    const feeders = Array.from({ length: 1200 }, (_, index) => `tank-${index}`);
    // Not all in one go: each must be answered within half a second, on a busy machine too.
    for (let from = 0; from < feeders.length; from += 200) {
      await Promise.all(feeders.slice(from, from + 200).map((feeder, index) => (index % 2 ? a : b).hold(lease(feeder, 1))));
    }
    await until(() => expect(Math.min(toldByA.length, toldByB.length)).toBe(feeders.length));
    await a.hold(lease('the-last', 1));
    for (const told of [toldByA, toldByB]) {
      await until(() => expect(told.at(-1)?.lease.feederId).toBe('the-last'));
      expect(told.map((each) => each.lease.feederId).sort()).toEqual([...feeders, 'the-last'].sort());
    }
  });

  it('go on after everything was flushed, and holders are asked to hold anew', async () => {
    const store = await openRedis();
    const told = listen(store);
    let restored = 0;
    store.onRestored(() => restored++);
    await store.hold(lease('before', 1));
    await until(() => expect(told).toHaveLength(1)); // it has swept, and so knows the data of now
    await flush();
    await until(() => expect(restored).toBe(1));
    expect(await store.hold(lease('after', 1))).toBe('held');
    await until(() => expect(told.map((each) => each.lease.feederId)).toEqual(['before', 'after']));
    expect(restored).toBe(1);
  });
});

describe.skipIf(!hasRedis)('leases in a Redis that is away', () => {
  let server: ServerProcess;
  beforeAll(async () => (server = await startRedis()));
  afterAll(() => server.dispose());

  async function expectUnavailable(store: LeaseStore): Promise<void> {
    for (const ask of [
      () => store.hold(lease('pond-1', 1)),
      () => store.end('pond-1', 1),
      () => store.find('pond-1'),
      () => store.findAll(['pond-1']),
      () => store.forget('pond-1'),
      () => store.ping(),
    ]) {
      const askedAtMs = performance.now();
      await expect(ask()).rejects.toBeInstanceOf(LeaseStoreUnavailable);
      expect(performance.now() - askedAtMs).toBeLessThan(500);
    }
  }

  it('refuse at once, keep nothing for later, and say when it is back', async () => {
    const store = await openRedis(LEASE_SECONDS, server.url);
    let restored = 0;
    store.onRestored(() => restored++);
    await server.kill();
    await expectUnavailable(store);
    await server.start();
    await until(() => expect(restored).toBe(1));
    expect(await store.find('pond-1')).toBeUndefined();
    const told = listen(store);
    expect(await store.hold(lease('pond-1', 1))).toBe('held');
    await until(() => expect(told).toHaveLength(1));
  });

  it('refuse within half a second while it is frozen, and go on when it thaws', async () => {
    const store = await openRedis(LEASE_SECONDS, server.url);
    let restored = 0;
    store.onRestored(() => restored++);
    server.freeze();
    try {
      await expectUnavailable(store);
    } finally {
      server.thaw();
    }
    await until(() => expect(restored).toBeGreaterThan(0));
    const told = listen(store);
    expect(await store.hold(lease('pond-2', 1))).toBe('held');
    await until(() => expect(told.filter((each) => each.lease.feederId === 'pond-2')).toHaveLength(1));
  });

  it('refuse when it is out of memory or only a replica', async () => {
    const store = await openRedis(LEASE_SECONDS, server.url);
    const redis = new Redis(server.url);
    await redis.config('SET', 'maxmemory', '1');
    await expect(store.hold(lease('pond-3', 1))).rejects.toBeInstanceOf(LeaseStoreUnavailable);
    await redis.config('SET', 'maxmemory', '0');
    await redis.replicaof('127.0.0.1', 1);
    await expect(store.hold(lease('pond-3', 1))).rejects.toBeInstanceOf(LeaseStoreUnavailable);
    await redis.replicaof('NO', 'ONE');
    redis.disconnect();
    expect(await store.hold(lease('pond-3', 1))).toBe('held');
  });
});
