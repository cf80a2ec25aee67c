/** The four Modbus tables: bits that can be written, bits, registers that can be written, registers. */
export const BIT_TABLES = ['coil', 'discrete'] as const;
export const WORD_TABLES = ['holding', 'input'] as const;
export type BitTable = (typeof BIT_TABLES)[number];
export type WordTable = (typeof WORD_TABLES)[number];
export type Table = BitTable | WordTable;
export type WritableTable = 'coil' | 'holding';

/** Addresses on the wire go from 0 to this. */
export const MAX_ADDRESS = 0xffff;

/** How many bits or registers one request may carry (Modbus Application Protocol V1.1b3, 6.1 to 6.4, 6.11, 6.12). */
export const MAX_READ: Readonly<Record<Table, number>> = { coil: 2000, discrete: 2000, holding: 125, input: 125 };
export const MAX_WRITE: Readonly<Record<WritableTable, number>> = { coil: 1968, holding: 123 };
