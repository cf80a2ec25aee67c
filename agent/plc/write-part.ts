import type { ParameterValue, Values } from '../../topics/parameters.ts';
import { encode } from '../modbus/codec.ts';
import type { Range } from './ranges.ts';
import type { ConfigEntry, NumberEntry } from './register-map.ts';

/** One request of a change: the parameters it carries, by name, and what is written where. */
export type WritePart =
  | { table: 'coil'; address: number; bits: boolean[]; parameters: string[] }
  | { table: 'holding'; address: number; words: number[]; parameters: string[] };

/** The request that carries the new values of one range; throws `RangeError` for one its register cannot hold. */
export function writePart({ table, address, items }: Range<ConfigEntry>, changes: Values): WritePart {
  const parameters = items.map(({ name }) => name);
  if (table === 'coil') return { table, address, parameters, bits: parameters.map((name) => bit(name, changes[name])) };
  const words = items.flatMap(({ name, entry }) => (entry.type === 'bool' ? [] : encodeNumber(name, entry, changes[name])));
  return { table: 'holding', address, parameters, words };
}

function bit(name: string, value: ParameterValue | undefined): boolean {
  if (typeof value !== 'boolean') throw new RangeError(`${name}: expected true or false, not ${String(value)}`);
  return value;
}

/** The registers of `value`; throws `RangeError` naming `name` where it has none. */
export function encodeNumber(name: string, entry: NumberEntry, value: ParameterValue | undefined): number[] {
  if (typeof value !== 'number') throw new RangeError(`${name}: expected a number, not ${String(value)}`);
  const result = encode(entry, value);
  if (!result.ok) throw new RangeError(`${name}: ${result.problem}`);
  return result.words;
}
