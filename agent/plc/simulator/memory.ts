import type { ParameterValue } from '../../../topics/parameters.ts';
import { decode, encodableRange, encode } from '../../modbus/codec.ts';
import type { Table } from '../../modbus/tables.ts';
import { sizeOf } from '../../modbus/codec.ts';
import type { Entry, NumberEntry, RegisterMap } from '../register-map.ts';

/** The registers and bits a map knows of; there are no others. Bits are 0 or 1. */
export class Memory {
  readonly #cells: Record<Table, Map<number, number>> = {
    coil: new Map(),
    discrete: new Map(),
    holding: new Map(),
    input: new Map(),
  };

  constructor({ config, readings, meals, dose, clearAlarms, alarms }: RegisterMap) {
    const entries = [config, readings, alarms].flatMap((section) => [...section.values()]);
    for (const entry of [...entries, ...Object.values(meals ?? {}), ...Object.values(dose ?? {})]) {
      // An optional entry the map has not is undefined.
      if (entry) this.#exist(entry.table, entry.address, sizeOf(entry));
    }
    if (clearAlarms) this.#exist(clearAlarms.table, clearAlarms.address, 1);
  }

  /** What stands in `count` cells, or undefined where not all of them exist. */
  read(table: Table, address: number, count: number): number[] | undefined {
    const found = Array.from({ length: count }, (_, index) => this.#cells[table].get(address + index));
    const values = found.filter((value) => value !== undefined);
    return values.length === count ? values : undefined;
  }

  /** Overwrites cells, all of which exist. */
  write(table: Table, address: number, values: readonly number[]): void {
    values.forEach((value, index) => this.#cells[table].set(address + index, value));
  }

  /** All of a table, by address. */
  dump(table: Table): Record<string, number> {
    return Object.fromEntries(this.#cells[table]);
  }

  /** Puts back what was dumped; addresses that do not exist are left out. */
  restore(table: Table, dumped: Readonly<Record<string, number>>): void {
    for (const [address, value] of Object.entries(dumped)) {
      if (this.#cells[table].has(Number(address))) this.#cells[table].set(Number(address), value);
    }
  }

  /** The value of an entry; 0 for a float32 without a number in it. */
  get(entry: Entry): ParameterValue {
    const cells = this.read(entry.table, entry.address, sizeOf(entry)) ?? [];
    return entry.type === 'bool' ? cells[0] === 1 : (decode(entry, cells) ?? 0);
  }

  number(entry: NumberEntry): number {
    return Number(this.get(entry));
  }

  /** Stores a value exactly; throws `RangeError` for one that the entry cannot hold. */
  set(entry: Entry, value: ParameterValue): void {
    this.write(entry.table, entry.address, cellsOf(entry, value));
  }

  /** Stores the nearest value that the entry can hold, as a sensor does. */
  measure(entry: Entry, value: ParameterValue): void {
    if (entry.type === 'bool' || typeof value === 'boolean') {
      this.set(entry, value);
      return;
    }
    const { min, max } = encodableRange(entry);
    const { type, scale, offset } = entry;
    const stepped = type === 'float32' ? value : Math.round((value - offset) / scale) * scale + offset;
    this.set(entry, Math.min(max, Math.max(min, stepped)));
  }

  /** Stores a count, which wraps at the width of its registers. */
  count(entry: NumberEntry, value: number): void {
    const raw = Math.floor(value / entry.scale + 1e-6) % 2 ** (16 * sizeOf(entry));
    this.set({ ...entry, scale: 1 }, raw);
  }

  #exist(table: Table, address: number, count: number): void {
    for (let index = 0; index < count; index += 1) this.#cells[table].set(address + index, 0);
  }
}

function cellsOf(entry: Entry, value: ParameterValue): number[] {
  if (entry.type === 'bool') {
    if (typeof value !== 'boolean') throw new RangeError(`expected true or false, not ${value}`);
    return [value ? 1 : 0];
  }
  if (typeof value !== 'number') throw new RangeError(`expected a number, not ${value}`);
  const encoded = encode(entry, value);
  if (!encoded.ok) throw new RangeError(encoded.problem);
  return encoded.words;
}
