import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openLevelDisk } from '../agent/disk/level-disk.ts';
import { tornAt } from '../agent/disk/torn-tail.ts';

const BLOCK_BYTES = 32_768;

/** A record that leaves so many bytes of its block, fewer than a header needs. */
const LEFT = 3;
/** What the log holds beside a value of 120 to 16,375 characters: headers of record and batch, lengths, sum and key. */
const AROUND_VALUE = 45;

/** A log as LevelDB itself wrote it, with values of these lengths or up to `LEFT`, and the ends of its records. */
async function writtenLog(lengths: readonly (number | 'left')[]): Promise<{ log: Buffer; ends: number[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'torn-tail-'));
  try {
    const level = await openLevelDisk(join(folder, 'journal'), (what) => expect.fail(what));
    const disk = level.of('pond-1');
    const ends: number[] = [];
    const readLog = async (): Promise<Buffer> => {
      const name = (await readdir(join(folder, 'journal'))).find((file) => file.endsWith('.log'));
      return readFile(join(folder, 'journal', name ?? expect.fail('expected a log')));
    };
    for (const [at, length] of lengths.entries()) {
      const count = length === 'left' ? BLOCK_BYTES - LEFT - AROUND_VALUE - (ends.at(-1) ?? 0) : length;
      await disk.write([{ put: `entry/${at}`, value: 'x'.repeat(count) }]);
      ends.push((await readLog()).length);
    }
    const log = await readLog();
    await level.close();
    return { log, ends };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const { log, ends } = await writtenLog([200, 900, 20_000, 'left', 2_500, 10, 40_000, 700, 60, 30, 90]);
const starts = [0, ...ends.map((end) => (end === BLOCK_BYTES - LEFT ? BLOCK_BYTES : end))];

/** Where the record begins that the byte before `end` is the last of, or would be. */
const startOf = (end: number): number => Math.max(...starts.filter((start) => start < end));
const isFiller = (at: number): boolean => at >= BLOCK_BYTES - LEFT && at < BLOCK_BYTES;

it('reads a log that LevelDB wrote to its end', () => {
  expect(ends).toContain(BLOCK_BYTES - LEFT);
  expect(log.length).toBeGreaterThan(2 * BLOCK_BYTES);
  expect(tornAt(log)).toBeUndefined();
  expect(tornAt(new Uint8Array())).toBeUndefined();
});

it('finds every cut that does not fall between two records', () => {
  const finds = (length: number): void => {
    const isWhole = ends.includes(length) || (length > BLOCK_BYTES - LEFT && length <= BLOCK_BYTES);
    expect(tornAt(log.subarray(0, length)), `cut at ${length}`).toBe(isWhole ? undefined : startOf(length));
  };
  for (let length = log.length; length > (ends.at(-3) ?? 0); length -= 1) finds(length);
  fc.assert(fc.property(fc.integer({ min: 1, max: log.length }), finds), { numRuns: 300 });
  for (let length = BLOCK_BYTES - 10; length < BLOCK_BYTES + 10; length += 1) finds(length);
});

it('finds every changed bit, and says where its record begins', () => {
  fc.assert(
    fc.property(fc.nat(log.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(log);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at);
      expect(tornAt(changed)).toBe(isFiller(at) ? undefined : startOf(at + 1));
    }),
    { numRuns: 300 },
  );
});

it('finds zeros, within records and behind the last', () => {
  fc.assert(
    fc.property(fc.nat(log.length - 600), fc.integer({ min: 8, max: 600 }), (at, count) => {
      const zeroed = Buffer.from(log).fill(0, at, at + count);
      if (!zeroed.equals(log)) expect(tornAt(zeroed)).toBeLessThanOrEqual(at + count);
    }),
    { numRuns: 300 },
  );
  expect(tornAt(Buffer.concat([log, Buffer.alloc(100)]))).toBe(log.length);
  expect(tornAt(Buffer.concat([log, Buffer.alloc(3)]))).toBe(log.length);
});

it('takes what was never a log for torn, at its beginning or later, and throws nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      expect(tornAt(bytes)).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});
