import { sizeOf } from '../modbus/codec.ts';
import type { Table } from '../modbus/tables.ts';
import type { RegisterMap } from './register-map.ts';

type Place = { name: string; table: Table; address: number; count: number };

/** What an agent writes by this map; `lastToken` too, which is what a dose is known by. */
function writtenBy({ config, dose, clearAlarms }: RegisterMap): Place[] {
  const entries = [...config, ...Object.entries(dose ?? {})];
  const places = entries.flatMap(([name, entry]) => (entry ? [{ name, table: entry.table, address: entry.address, count: sizeOf(entry) }] : []));
  return clearAlarms ? [...places, { ...clearAlarms, name: 'clear-alarms', count: 1 }] : places;
}

/** The first thing that both maps, on one PLC, would write at the same place; undefined where they keep apart. */
export function firstShared(a: RegisterMap, b: RegisterMap): { name: string; table: Table; address: number } | undefined {
  const others = writtenBy(b);
  return writtenBy(a).find((own) =>
    others.some((other) => own.table === other.table && own.address < other.address + other.count && other.address < own.address + own.count),
  );
}
