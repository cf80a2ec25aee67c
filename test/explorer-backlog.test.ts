import fc from 'fast-check';
import { expect, test } from 'vitest';
import { admit, WRITE_BUFFER_BYTES } from '../src/broker/backlog.ts';

const MIB = 1024 * 1024;
const bytes = fc.integer({ min: 0, max: 2 * WRITE_BUFFER_BYTES });

test('a reader that keeps up gets everything', () => {
  expect(admit(0, 0, true)).toBe('send');
  expect(admit(MIB, 0, false)).toBe('send');
});

test('what was retained and sent on subscribing is not held against a slow reader, up to what its buffer takes', () => {
  expect(admit(4 * MIB, 0, false)).toBe('cut');
  expect(admit(4 * MIB, 4 * MIB, false)).toBe('send');
  expect(admit(7.5 * MIB, 100 * MIB, false)).toBe('cut');
});

test('whatever waits, what matters is never left out, what does not is never a reason to cut, and a full buffer is never written to', () => {
  fc.assert(
    fc.property(bytes, bytes, (waiting, replayed) => {
      expect(admit(waiting, replayed, true)).not.toBe('cut');
      expect(admit(waiting, replayed, false)).not.toBe('drop');
      if (waiting >= WRITE_BUFFER_BYTES) expect(admit(waiting, replayed, fc.sample(fc.boolean(), 1)[0] ?? true)).not.toBe('send');
    }),
  );
});
