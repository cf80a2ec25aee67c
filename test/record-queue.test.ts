import { expect, test } from 'vitest';
import type { ReceivedBatch } from '../src/records/received-batch.ts';
import { RecordQueue } from '../src/records/record-queue.ts';

const batch = (from: number, bytes = 10, feederId = 'pond-1', spoolId = 'a'): ReceivedBatch => ({
  feederId,
  timeZone: 'UTC',
  spoolId,
  from,
  bytes,
  good: [],
  bad: [],
});

test('what finds no room is turned away, and all of its spool behind it, until it comes again', () => {
  const queue = new RecordQueue({ bytes: 30, bytesOfOne: 20 });
  expect([0, 10, 20].map((from) => queue.add(batch(from), 0))).toEqual(['taken', 'taken', 'turned-away']);
  expect(queue.add(batch(0, 10, 'pond-2'), 0)).toBe('taken');
  const taken = queue.take(1000);
  expect(taken.map(({ feederId, from }) => `${feederId} ${from}`)).toEqual(['pond-1 0', 'pond-1 10', 'pond-2 0']);
  expect(queue.bytes).toBe(30);
  queue.done(taken);
  expect(queue.bytes).toBe(0);

  expect(queue.add(batch(30), 1_000)).toBe('turned-away');
  expect(queue.add(batch(0, 10, 'pond-1', 'b'), 1_000)).toBe('taken');
  expect(queue.add(batch(20), 1_000)).toBe('taken');
});

test('a batch that never comes again keeps nobody out for good', () => {
  const queue = new RecordQueue({ bytes: 15, bytesOfOne: 15 });
  queue.add(batch(0), 0);
  queue.add(batch(10), 0);
  queue.done(queue.take(1000));
  expect(queue.add(batch(11), 119_000)).toBe('turned-away');
  expect(queue.add(batch(11), 121_000)).toBe('taken');
});

test('what is too large for the queue still goes through it, alone', () => {
  const queue = new RecordQueue({ bytes: 100, bytesOfOne: 10 });
  expect(queue.add(batch(0, 50), 0)).toBe('taken');
  expect(queue.add(batch(1, 1), 0)).toBe('turned-away');
});
