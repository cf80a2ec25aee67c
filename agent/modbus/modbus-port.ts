import type { Priority } from './request-queue.ts';
import type { BitTable, WordTable } from './tables.ts';

/**
 * Where Modbus requests go. A write may wait its turn; `mayStart` is asked when that has come, directly before the bytes
 * go out, and where it says no nothing does. Requests reject with `ModbusError`, and with `RangeError` for arguments
 * that fit no request.
 */
export type ModbusPort = {
  /** Reads `count` coils or discrete inputs, at most 2000. */
  readBits(unitId: number, table: BitTable, address: number, count: number, priority: Priority): Promise<boolean[]>;
  /** Reads `count` holding or input registers, at most 125. */
  readWords(unitId: number, table: WordTable, address: number, count: number, priority: Priority): Promise<number[]>;
  /** Writes coils in one request, at most 1968. */
  writeBits(unitId: number, address: number, bits: readonly boolean[], mayStart?: () => boolean): Promise<void>;
  /** Writes holding registers in one request, at most 123. */
  writeWords(unitId: number, address: number, words: readonly number[], mayStart?: () => boolean): Promise<void>;
};
