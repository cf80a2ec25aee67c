import { MAX_READ, MAX_WRITE, type Table, type WritableTable } from '../../modbus/tables.ts';

/** Bits are 0 or 1. */
export type ReadRequest = { kind: 'read'; table: Table; address: number; count: number };
export type WriteRequest = { kind: 'write'; table: WritableTable; address: number; values: number[] };
export type PlcRequest = ReadRequest | WriteRequest;

export const ILLEGAL_FUNCTION = 1;
export const ILLEGAL_ADDRESS = 2;
export const ILLEGAL_VALUE = 3;
export const GATEWAY_TARGET_FAILED = 11;

export type Parsed = { ok: true; request: PlcRequest } | { ok: false; exceptionCode: number };

const READ_TABLES: Readonly<Record<number, Table>> = { 1: 'coil', 2: 'discrete', 3: 'holding', 4: 'input' };
const illegalValue = { ok: false, exceptionCode: ILLEGAL_VALUE } as const;

/** What a request's PDU (function code and data) asks for, or the exception it earns. */
export function parseRequest(pdu: Buffer): Parsed {
  const functionCode = pdu[0] ?? 0;
  const table = READ_TABLES[functionCode];
  if (table) return pdu.length === 5 ? parseRead(pdu, table) : illegalValue;
  if (functionCode === 5 || functionCode === 6) return pdu.length === 5 ? parseSingle(pdu, functionCode) : illegalValue;
  if (functionCode === 15 || functionCode === 16) return pdu.length >= 6 ? parseMultiple(pdu, functionCode) : illegalValue;
  return { ok: false, exceptionCode: ILLEGAL_FUNCTION };
}

/** The good reply to `request`, whose PDU was `pdu`; `values` is what was read. */
export function replyTo(request: PlcRequest, pdu: Buffer, values: readonly number[]): Buffer {
  if (request.kind === 'write') return pdu.subarray(0, 5);
  const isBits = request.table === 'coil' || request.table === 'discrete';
  const data = isBits ? packBits(values) : Buffer.from(values.flatMap((word) => [word >> 8, word & 0xff]));
  return Buffer.concat([pdu.subarray(0, 1), Buffer.from([data.length]), data]);
}

export const exceptionReply = (pdu: Buffer, exceptionCode: number): Buffer => Buffer.from([0x80 | (pdu[0] ?? 0), exceptionCode]);

function parseRead(pdu: Buffer, table: Table): Parsed {
  const [address, count] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3)];
  if (count < 1 || count > MAX_READ[table]) return illegalValue;
  return { ok: true, request: { kind: 'read', table, address, count } };
}

function parseSingle(pdu: Buffer, functionCode: 5 | 6): Parsed {
  const [address, value] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3)];
  if (functionCode === 6) return { ok: true, request: { kind: 'write', table: 'holding', address, values: [value] } };
  if (value !== 0 && value !== 0xff00) return illegalValue;
  return { ok: true, request: { kind: 'write', table: 'coil', address, values: [value === 0 ? 0 : 1] } };
}

function parseMultiple(pdu: Buffer, functionCode: 15 | 16): Parsed {
  const [address, count, byteCount] = [pdu.readUInt16BE(1), pdu.readUInt16BE(3), pdu.readUInt8(5)];
  const data = pdu.subarray(6);
  const table = functionCode === 15 ? 'coil' : 'holding';
  const expectedBytes = table === 'coil' ? Math.ceil(count / 8) : 2 * count;
  if (count < 1 || count > MAX_WRITE[table] || byteCount !== expectedBytes || data.length !== expectedBytes) return illegalValue;
  const values = Array.from({ length: count }, (_, index) =>
    table === 'coil' ? (data.readUInt8(index >> 3) >> (index & 7)) & 1 : data.readUInt16BE(2 * index),
  );
  return { ok: true, request: { kind: 'write', table, address, values } };
}

function packBits(bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  bits.forEach((bit, index) => bytes.writeUInt8(bytes.readUInt8(index >> 3) | (bit << (index & 7)), index >> 3));
  return bytes;
}
