import { MAX_READ, type Table } from '../modbus/tables.ts';
import { sizeOf } from '../modbus/codec.ts';
import type { Entry } from './register-map.ts';

/** A named value and where it lies. */
export type Item<E extends Entry = Entry> = { name: string; entry: E };
/** Neighbouring values that travel in one request. */
export type Range<E extends Entry = Entry> = { table: Table; address: number; count: number; items: Item<E>[] };

/**
 * The fewest requests that carry `items`: ranges without gaps (a PLC refuses a read over addresses it has not) of at
 * most `limits[table]` bits or registers; no value is split between two.
 */
export function rangesOf<E extends Entry>(items: Iterable<Item<E>>, limits: Readonly<Partial<Record<Table, number>>> = MAX_READ): Range<E>[] {
  const inOrder = [...items].sort(
    (a, b) => a.entry.table.localeCompare(b.entry.table) || a.entry.address - b.entry.address,
  );
  const ranges: Range<E>[] = [];
  for (const item of inOrder) {
    const { table, address } = item.entry;
    const last = ranges.at(-1);
    const end = address + sizeOf(item.entry);
    const joins =
      last?.table === table && address <= last.address + last.count && end - last.address <= (limits[table] ?? 0);
    if (joins) {
      last.count = Math.max(last.count, end - last.address);
      last.items.push(item);
    } else {
      ranges.push({ table, address, count: end - address, items: [item] });
    }
  }
  return ranges;
}
