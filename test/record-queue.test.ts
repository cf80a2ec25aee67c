import { expect, test } from 'vitest';
import type { ReceivedBatch } from '../src/records/received-batch.ts';
import { RecordQueue } from '../src/records/record-queue.ts';

/** Readings with these numbers. */
const batch = (from: number, through = from, bytes = 10, feederId = 'pond-1', spoolId = 'a'): ReceivedBatch => {
  const origin = { feederId, timeZone: 'UTC', spoolId };
  const good = Array.from({ length: through - from + 1 }, (_, index) => ({
    ...origin, kind: 'reading' as const, seq: from + index, at: '', atMs: 0, values: {},
  }));
  return { ...origin, from, through, bytes, good, bad: [] };
};
const ofPond2 = (from: number): ReceivedBatch => batch(from, from, 10, 'pond-2');
const shown = (batches: readonly ReceivedBatch[]): string[] =>
  batches.map(({ feederId, from, through }) => `${feederId} ${from}-${through}`);

test('what finds no room is turned away, and all of its spool behind it, until it comes again', () => {
  const queue = new RecordQueue({ bytes: 30, bytesOfOne: 20 });
  expect([0, 10, 20].map((from) => queue.add(batch(from), 0))).toEqual(['taken', 'taken', 'turned-away']);
  expect(queue.add(ofPond2(0), 0)).toBe('taken');
  const taken = queue.take(1000, 0);
  expect(shown(taken)).toEqual(['pond-1 0-0', 'pond-1 10-10', 'pond-2 0-0']);
  expect(queue.bytes).toBe(30);
  queue.done(taken);
  expect(queue.bytes).toBe(0);

  expect(queue.add(batch(30), 1_000)).toBe('turned-away');
  expect(queue.add(batch(0, 0, 10, 'pond-1', 'b'), 1_000)).toBe('taken');
  expect(queue.add(batch(20), 1_000)).toBe('taken');
});

test('a batch that is sent again while it is here takes no more room, but for what has come to it', () => {
  const queue = new RecordQueue({ bytes: 1000, bytesOfOne: 1000 });
  for (let time = 0; time < 5; time++) expect(queue.add(batch(0, 9, 100), 0)).toBe('taken');
  expect(queue.bytes).toBe(100);
  expect(queue.add(batch(0, 14, 150), 0)).toBe('taken');
  expect(queue.bytes).toBe(150);
  const taken = queue.take(1000, 0);
  expect(shown(taken)).toEqual(['pond-1 0-9', 'pond-1 10-14']);
  // Nor while it is being stored, or after that has failed.
  expect(queue.add(batch(0, 14, 150), 0)).toBe('taken');
  queue.putBack(taken);
  expect(queue.add(batch(0, 14, 150), 0)).toBe('taken');
  expect(shown(queue.take(1000, 0))).toEqual(['pond-1 0-9', 'pond-1 10-14']);
  expect(queue.bytes).toBe(150);
});

test('what was turned away when it came again is not missing once the first of it is stored', () => {
  const queue = new RecordQueue({ bytes: 30, bytesOfOne: 20 });
  queue.add(batch(0, 9, 20), 0);
  const taken = queue.take(1000, 0);
  // Grown, where there is no room for more.
  expect(queue.add(batch(0, 29, 60), 0)).toBe('turned-away');
  queue.done(taken);
  expect(queue.add(batch(20), 0)).toBe('turned-away');
  expect(queue.add(batch(10, 19), 0)).toBe('taken');
});

test('what finds no room is known for it before anybody looks into it, and so is what is behind it', () => {
  const queue = new RecordQueue({ bytes: 30, bytesOfOne: 10 });
  expect(queue.hasRoom(batch(0), 0)).toBe(true);
  queue.add(batch(0), 0);
  expect(queue.hasRoom(batch(10), 0)).toBe(false);
  expect(queue.hasRoom(ofPond2(0), 0)).toBe(true);
  queue.done(queue.take(1000, 0));
  expect(queue.hasRoom(batch(20), 0)).toBe(false);
  expect(queue.add(batch(20), 0)).toBe('turned-away');
  expect(queue.hasRoom(batch(10), 0)).toBe(true);
});

test('feeders take turns, and who failed alone waits alone, longer each time', () => {
  const queue = new RecordQueue({ bytes: 1000, bytesOfOne: 1000 });
  for (const from of [0, 10, 20]) queue.add(batch(from), 0);
  queue.add(ofPond2(0), 0);
  const first = queue.take(1, 0);
  expect(shown(first)).toEqual(['pond-1 0-0']);
  queue.putBack(first);
  queue.setAside('pond-1', 0);
  const [other] = [queue.take(1000, 0)];
  expect(shown(other)).toEqual(['pond-2 0-0']);
  queue.done(other);
  expect(queue.take(1000, 9_999)).toEqual([]);
  queue.add(ofPond2(1), 10_000);
  const again = queue.take(1000, 10_000);
  expect(shown(again)).toEqual(['pond-1 0-0']);
  queue.putBack(again);
  queue.setAside('pond-1', 10_000);
  expect(shown(queue.take(1000, 29_999))).toEqual(['pond-2 1-1']);
  for (const from of [0, 10, 20]) {
    const next = queue.take(1000, 30_000);
    expect(shown(next)).toEqual([`pond-1 ${from}-${from}`]);
    queue.done(next);
  }
  expect(queue.hasTrouble).toBe(false);
});

test('a batch that never comes again keeps nobody out for good', () => {
  const queue = new RecordQueue({ bytes: 10, bytesOfOne: 10 });
  queue.add(batch(0), 0);
  queue.add(batch(10), 0);
  queue.done(queue.take(1000, 0));
  expect(queue.add(batch(11), 119_000)).toBe('turned-away');
  expect(queue.add(batch(11), 121_000)).toBe('taken');
});

test('what is too large for the queue still goes through it, alone', () => {
  const queue = new RecordQueue({ bytes: 100, bytesOfOne: 10 });
  expect(queue.add(batch(0, 0, 50), 0)).toBe('taken');
  expect(queue.add(batch(1, 1, 1), 0)).toBe('turned-away');
});
