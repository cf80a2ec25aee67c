import { rangesOf } from '../../agent/plc/ranges.ts';
import type { RegisterMap } from '../../agent/plc/register-map.ts';
import type { WriteRequest } from '../../agent/plc/simulator/protocol.ts';
import { writePart } from '../../agent/plc/write-part.ts';
import type { StartedEntry } from '../../agent/journal/entry.ts';
import { MAX_WRITE } from '../../agent/modbus/tables.ts';
import type { Values } from '../../topics/parameters.ts';

/** Cells of the PLC by their table and address. */
export type Cells = ReadonlyMap<string, number>;

const cellKey = (table: string, address: number): string => `${table} ${address}`;

/** What the PLC holds when it holds these values. */
export function cellsOf(map: RegisterMap, values: Values): Cells {
  const items = Object.keys(values).flatMap((name) => {
    const entry = map.config.get(name);
    return entry ? [{ name, entry }] : [];
  });
  const cells = new Map<string, number>();
  for (const range of rangesOf(items, MAX_WRITE)) {
    const part = writePart(range, values);
    const written = part.table === 'coil' ? part.bits.map(Number) : part.words;
    written.forEach((cell, index) => cells.set(cellKey(part.table, part.address + index), cell));
  }
  return cells;
}

/** Whether a write carries nothing but these cells. */
const carries = ({ table, address, values }: WriteRequest, cells: Cells): boolean =>
  values.every((value, index) => cells.get(cellKey(table, address + index)) === value);

/** Whether each of the cells stands in the PLC. */
export const areHeld = (cells: Cells, read: (table: 'coil' | 'holding', address: number) => number | undefined): boolean =>
  [...cells].every(([key, cell]) => {
    const [table, address] = key.split(' ');
    return read(table === 'coil' ? 'coil' : 'holding', Number(address)) === cell;
  });

/** What a write is for, where the command is begun. */
export function purposeOf(write: WriteRequest, entry: StartedEntry, map: RegisterMap): 'forward' | 'back' | undefined {
  const { table, address, values } = write;
  switch (entry.kind) {
    case 'set-config':
      if (carries(write, cellsOf(map, entry.command.changes))) return 'forward';
      return carries(write, cellsOf(map, entry.previous)) ? 'back' : undefined;
    case 'feed-now': {
      const { dose } = map;
      if (dose === undefined || table !== 'holding') return undefined;
      const first = Math.min(dose.token.address, dose.grams.address);
      if (address === first && values.length === 2) return values.includes(entry.command.grams) ? 'forward' : undefined;
      return address === dose.token.address && values.length === 1 ? 'back' : undefined;
    }
    case 'clear-alarms':
      return table === map.clearAlarms?.table && address === map.clearAlarms.address ? 'forward' : undefined;
  }
}
