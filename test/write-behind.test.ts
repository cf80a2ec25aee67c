import { expect, test } from 'vitest';
import { StoreUnavailable } from '../src/store/store-errors.ts';
import { WriteBehind } from '../src/store/write-behind.ts';

const gate = (): { opened: Promise<void>; open: () => void } => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

test('what is added while a write is under way goes with the next one, in order', async () => {
  const batches: number[][] = [];
  const first = gate();
  const behind = new WriteBehind<number>({
    capacity: 100,
    onDropped: () => expect.unreachable(),
    write: async (batch) => {
      batches.push([...batch]);
      if (batches.length === 1) await first.opened;
    },
  });
  behind.add(1);
  await expect.poll(() => batches.length).toBe(1);
  behind.add(2);
  behind.add(3);
  first.open();
  await behind.stop();
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a batch that could not be written is tried again, and nothing is lost or turned round', async () => {
  const written: number[] = [];
  let failures = 1;
  const behind = new WriteBehind<number>({
    capacity: 100,
    onDropped: () => expect.unreachable(),
    write: (batch) => {
      if (failures-- > 0) return Promise.reject(new StoreUnavailable('away'));
      written.push(...batch);
      return Promise.resolve();
    },
  });
  behind.add(1);
  behind.add(2);
  await expect.poll(() => written, { timeout: 5_000 }).toEqual([1, 2]);
  await behind.stop();
});

test('beyond its capacity the oldest give way, and someone is told', async () => {
  const written: number[] = [];
  let dropped = 0;
  const behind = new WriteBehind<number>({
    capacity: 3,
    onDropped: (count) => (dropped += count),
    write: (batch) => {
      written.push(...batch);
      return Promise.resolve();
    },
  });
  for (const item of [1, 2, 3, 4, 5]) behind.add(item);
  await behind.stop();
  expect(written).toEqual([3, 4, 5]);
  expect(dropped).toBe(2);
});

test('of things with the same key only the latest is written', async () => {
  const written: { id: string; at: number }[] = [];
  const behind = new WriteBehind<{ id: string; at: number }>({
    capacity: 10,
    keyOf: ({ id }) => id,
    onDropped: () => expect.unreachable(),
    write: (batch) => {
      written.push(...batch);
      return Promise.resolve();
    },
  });
  behind.add({ id: 'a', at: 1 });
  behind.add({ id: 'b', at: 2 });
  behind.add({ id: 'a', at: 3 });
  await behind.stop();
  expect(written).toEqual([{ id: 'b', at: 2 }, { id: 'a', at: 3 }]);
});

test('when it stops while the store is away, it says what it gave up', async () => {
  let dropped = 0;
  const behind = new WriteBehind<number>({
    capacity: 10,
    onDropped: (count) => (dropped += count),
    write: () => Promise.reject(new StoreUnavailable('away')),
  });
  behind.add(1);
  behind.add(2);
  await behind.stop();
  expect(dropped).toBe(2);
});

test('an item that the store refuses for good is given up alone', async () => {
  const written: number[] = [];
  const dropped: number[] = [];
  const behind = new WriteBehind<number>({
    capacity: 10,
    onDropped: (count) => dropped.push(count),
    write: (batch) => {
      if (batch.includes(2)) return Promise.reject(new Error('refused'));
      written.push(...batch);
      return Promise.resolve();
    },
  });
  for (const item of [1, 2, 3]) behind.add(item);
  await expect.poll(() => written).toEqual([1, 3]);
  expect(dropped).toEqual([1]);
  await behind.stop();
});
