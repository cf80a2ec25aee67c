import { createHash } from 'node:crypto';
import { STANDARD_PARAMETERS, type Parameter } from '../../topics/parameters.ts';
import type { Encoding } from '../modbus/codec.ts';
import type { BitTable, WordTable } from '../modbus/tables.ts';
import { readYamlFile, type FileProblem } from '../yaml-file.ts';
import { emptiness, mapProblems, problemsOfTheRest } from './map-checks.ts';
import { MapFile } from './map-file.ts';

/** A bit. Addresses in a map are those on the wire, counted from 0. */
export type BoolEntry<T extends BitTable = BitTable> = { type: 'bool'; table: T; address: number };
/** A number in one or two registers. */
export type NumberEntry<T extends WordTable = WordTable> = Encoding & { table: T; address: number };
export type Entry = BoolEntry | NumberEntry;
/** A setting: `min` and `max` are engineering values. */
export type ConfigEntry = BoolEntry<'coil'> | (NumberEntry<'holding'> & { unit: string; min: number; max: number });
/** A reading; it is worth a record of its own when it has moved further than its `deadBand`, in engineering units. */
export type ReadingEntry = BoolEntry | (NumberEntry & { deadBand?: number | undefined });
/** What to write to have an action done. */
export type Action = { table: 'coil'; address: number; value: boolean } | { table: 'holding'; address: number; value: number };

/** Where everything lies in one kind of PLC. */
export type RegisterMap = {
  name: string;
  config: ReadonlyMap<string, ConfigEntry>;
  readings: ReadonlyMap<string, ReadingEntry>;
  /** Counters that wrap at their width. */
  meals: { count: NumberEntry; totalGrams: NumberEntry } | undefined;
  dose: Dose | undefined;
  guards: { maxDoseGrams?: number | undefined; minGapSeconds?: number | undefined; maxGramsPerDay?: number | undefined };
  clearAlarms: Action | undefined;
  alarms: ReadonlyMap<string, BoolEntry>;
};
/** The dose handshake; `token` and `grams` are neighbours. */
export type Dose = {
  token: NumberEntry<'holding'>;
  grams: NumberEntry<'holding'>;
  lastToken: NumberEntry;
  refused: NumberEntry | undefined;
};

export type LoadedMap = { ok: true; map: RegisterMap; sha256: string } | { ok: false; problems: FileProblem[] };

/** Reads and checks a register map; `sha256` is that of the file's bytes, in hex. */
export async function loadRegisterMap(file: string): Promise<LoadedMap> {
  const read = await readYamlFile(file, RegisterMapFile, problemsOfTheRest);
  if (!read.ok) return read;
  return { ok: true, map: read.value, sha256: createHash('sha256').update(read.text).digest('hex') };
}

const RegisterMapFile = MapFile.superRefine((map, context) => {
  for (const { path, message } of [...emptiness(map), ...mapProblems(map)]) context.addIssue({ code: 'custom', path, message });
}).transform(toRegisterMap);

function toRegisterMap({ name, addressing, wordOrder, guards, ...file }: MapFile): RegisterMap {
  const first = addressing === 'one' ? 1 : 0;
  const place = <E extends { address: number }>(entry: E) => ({ ...entry, wordOrder, address: entry.address - first });
  const placeAll = <E extends { address: number }>(entries: Record<string, E>) =>
    new Map(Object.entries(entries).map(([key, entry]) => [key, place(entry)]));
  const config = Object.entries(file.config).map(([key, entry]): [string, ConfigEntry] => [
    key,
    entry.type === 'bool' ? place(entry) : { ...place(entry), unit: entry.unit ?? standardUnit(key) },
  ]);
  const { meals, dose, actions } = file;
  const clearAlarms = actions['clear-alarms'];
  return {
    name,
    config: new Map(config),
    readings: placeAll(file.readings),
    meals: meals && { count: place(meals.count), totalGrams: place(meals.totalGrams) },
    dose: dose && {
      token: place(dose.token),
      grams: place(dose.grams),
      lastToken: place(dose.lastToken),
      refused: dose.refused && place(dose.refused),
    },
    guards,
    clearAlarms: clearAlarms && place(clearAlarms),
    alarms: placeAll(file.alarms),
  };
}

const standardUnit = (name: string) => new Map(Object.entries(STANDARD_PARAMETERS)).get(name)?.unit ?? '';

/** What can be set, for the feeder's profile. */
export const profileParameters = (map: RegisterMap): Parameter[] =>
  [...map.config].map(([name, entry]) => {
    if (entry.type === 'bool') return { name, type: 'boolean', unit: '' };
    const { type, unit, min, max, scale, offset } = entry;
    const isStepped = type !== 'float32';
    const isWhole = isStepped && Number.isInteger(scale) && Number.isInteger(offset);
    return {
      name,
      type: isWhole ? 'integer' : 'number',
      unit,
      min,
      max,
      ...(isStepped && { step: Math.abs(scale) }),
      ...(isStepped && offset !== 0 && { offset }),
    };
  });
