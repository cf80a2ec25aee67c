import { crc32c } from './crc32c.ts';

const BLOCK_BYTES = 32_768;
/** Masked CRC-32C of type and data (4), length of the data (2), type (1); little-endian. */
const HEADER_BYTES = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/**
 * Where the readable records of a LevelDB log (a `.log` or a `MANIFEST`) end before the file does; undefined where all of
 * it can be read. LevelDB itself leaves out what it cannot read, in the middle too, and tells nobody.
 *
 * Zeros count as unreadable: this LevelDB never reserves room ahead, so where the file is long enough there were records.
 * Only the up to six bytes that fill a block are skipped. A process killed at any time leaves whole records, as each is
 * handed to the system in one piece; unless it is killed between two pieces of a record that is longer than a page or
 * crosses a block. That record was not yet acknowledged, but it cannot be told from one that a power cut took.
 */
export function tornAt(log: Uint8Array): number | undefined {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  let at = 0;
  /** Where the record began of which a part was read. */
  let begunAt: number | undefined;
  while (at < log.length) {
    const leftInBlock = BLOCK_BYTES - (at % BLOCK_BYTES);
    if (leftInBlock < HEADER_BYTES) {
      at += leftInBlock;
      continue;
    }
    const recordAt = begunAt ?? at;
    if (at + HEADER_BYTES > log.length) return recordAt;
    const length = view.getUint16(at + 4, true);
    const type = view.getUint8(at + 6);
    const end = at + HEADER_BYTES + length;
    if (HEADER_BYTES + length > leftInBlock || end > log.length) return recordAt;
    const isContinued = type === MIDDLE || type === LAST;
    if (type < FULL || type > LAST || isContinued !== (begunAt !== undefined)) return recordAt;
    if (unmask(view.getUint32(at, true)) !== crc32c(log.subarray(at + 6, end))) return recordAt;
    begunAt = type === FIRST || type === MIDDLE ? recordAt : undefined;
    at = end;
  }
  return begunAt;
}

/** LevelDB turns and shifts the sums it stores, as a sum over bytes that hold sums tells little. */
function unmask(masked: number): number {
  const turned = (masked - 0xa282ead8) >>> 0;
  return ((turned >>> 17) | (turned << 15)) >>> 0;
}
