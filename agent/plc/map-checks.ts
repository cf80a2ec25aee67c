import { z } from 'zod';
import { STANDARD_PARAMETERS, STANDARD_READINGS } from '../../topics/parameters.ts';
import { sizeOf, wordCount, type NumericType } from '../modbus/codec.ts';
import { MAX_ADDRESS, type Table } from '../modbus/tables.ts';
import { MapFile } from './map-file.ts';

type Problem = { path: string[]; message: string };
type Placed = { path: string[]; table: Table; address: number; count: number; written: boolean };

/** What is wrong between the entries of a register map: addresses, overlaps, the dose, names and their units. */
export function mapProblems(map: MapFile): Problem[] {
  const places = placesOf(map);
  return [...outOfRange(map, places), ...overlaps(places), ...splitDose(map), ...misnamed(map)];
}

/** Without anything to read, nobody could tell a PLC that is there from one that is not. */
export function emptiness({ config, readings }: MapFile): Problem[] {
  const isEmpty = Object.keys(config).length + Object.keys(readings).length === 0;
  return isEmpty ? [{ path: ['config'], message: 'expected at least one entry in config or readings' }] : [];
}

/** The same between the entries of a map that are right in themselves, where others are not. */
export function problemsOfTheRest(value: unknown, issues: readonly z.core.$ZodIssue[]): Problem[] {
  const map = Keyed.safeParse(value);
  if (!map.success) return [];
  const wrong = new Set(issues.flatMap(({ path }) => [path.slice(0, 1).join(), path.slice(0, 2).join('.')]));
  const soundOf = ([section, content]: [string, unknown]): [string, unknown][] => {
    if (!Object.hasOwn(MapFile.shape, section)) return [];
    if (!wrong.has(section)) return [[section, content]];
    const entries = Keyed.safeParse(content);
    // Of the other sections a part makes no sense.
    if (!ENTRIES_ALONE.includes(section) || !entries.success) return [];
    return [[section, Object.fromEntries(Object.entries(entries.data).filter(([entry]) => !wrong.has(`${section}.${entry}`)))]];
  };
  const rest = MapFile.safeParse({ name: 'rest', ...Object.fromEntries(Object.entries(map.data).flatMap(soundOf)) });
  return rest.success ? mapProblems(rest.data) : [];
}

const Keyed = z.record(z.string(), z.unknown());
/** The sections whose entries stand each for itself. */
const ENTRIES_ALONE: readonly string[] = ['config', 'readings', 'alarms'];

function placesOf({ config, readings, meals, dose, actions, alarms }: MapFile): Placed[] {
  const section = (
    name: string,
    entries: Record<string, { table: Table; address: number; type?: NumericType | 'bool' } | undefined> | undefined,
    written: boolean,
  ): Placed[] =>
    Object.entries(entries ?? {}).flatMap(([key, entry]) =>
      entry ? [{ path: [name, key], table: entry.table, address: entry.address, count: sizeOf({ type: entry.type ?? 'bool' }), written }] : [],
    );
  return [
    ...section('config', config, true),
    ...section('readings', readings, false),
    ...section('meals', meals, false),
    // `lastToken` is not written, but a PLC that shares it with what is would break the handshake.
    ...section('dose', dose, true),
    ...section('actions', actions, true),
    ...section('alarms', alarms, false),
  ];
}

function outOfRange({ addressing }: MapFile, places: Placed[]): Problem[] {
  const first = addressing === 'one' ? 1 : 0;
  return places
    .filter(({ address, count }) => address < first || address + count - 1 > first + MAX_ADDRESS)
    .map(({ path, count }) => ({
      path: [...path, 'address'],
      message: `expected ${first} to ${first + MAX_ADDRESS - count + 1} (addressing: ${addressing}, ${count} long)`,
    }));
}

function overlaps(places: Placed[]): Problem[] {
  const inOrder = places
    .filter(({ written }) => written)
    .sort((a, b) => a.table.localeCompare(b.table) || a.address - b.address);
  return inOrder.flatMap((place, index) => {
    const before = inOrder[index - 1];
    if (before?.table !== place.table || before.address + before.count <= place.address) return [];
    return [{ path: [...place.path, 'address'], message: `expected an address of its own: overlaps ${before.path.join('.')}` }];
  });
}

function splitDose({ dose }: MapFile): Problem[] {
  if (!dose) return [];
  const { token, grams } = dose;
  const isAdjacent = token.address + 1 === grams.address || grams.address + wordCount(grams.type) === token.address;
  return isAdjacent
    ? []
    : [{ path: ['dose', 'grams', 'address'], message: 'expected grams beside token: both are written in one request' }];
}

type Named = Record<string, { type: NumericType | 'bool'; unit?: string | undefined }>;

function misnamed({ config, readings }: MapFile): Problem[] {
  const unitless = Object.entries(config)
    .filter(([name, entry]) => !Object.hasOwn(STANDARD_PARAMETERS, name) && entry.type !== 'bool' && entry.unit === undefined)
    .map(([name]) => ({ path: ['config', name, 'unit'], message: `expected a unit: ${name} is not a standard name` }));
  return [
    ...unitless,
    ...contradictions('config', config, STANDARD_PARAMETERS),
    ...contradictions('readings', readings, STANDARD_READINGS),
  ];
}

function contradictions(section: string, entries: Named, standard: Record<string, { type: string; unit: string }>): Problem[] {
  return Object.entries(entries).flatMap(([name, { type, unit }]) => {
    const meant = Object.hasOwn(standard, name) ? standard[name] : undefined;
    if (!meant) return [];
    const found = type === 'bool' ? 'boolean' : 'number';
    if (found !== meant.type) {
      return [{ path: [section, name, 'type'], message: `expected a ${meant.type}, as ${name} is everywhere` }];
    }
    return unit === undefined || unit === meant.unit
      ? []
      : [{ path: [section, name, 'unit'], message: `expected "${meant.unit}", as ${name} has everywhere` }];
  });
}
