import type { MealCounters } from '../../topics/counters.ts';
import type { ParameterValue, Values } from '../../topics/parameters.ts';
import type { DoseReading } from '../journal/entry.ts';
import { decode, encode, sizeOf } from '../modbus/codec.ts';
import { ModbusError } from '../modbus/modbus-error.ts';
import type { ModbusPort } from '../modbus/modbus-port.ts';
import type { Priority } from '../modbus/request-queue.ts';
import { MAX_WRITE } from '../modbus/tables.ts';
import { rangesOf, type Item, type Range } from './ranges.ts';
import type { ConfigEntry, Dose, Entry, NumberEntry, RegisterMap } from './register-map.ts';
import { encodeNumber, writePart, type WritePart } from './write-part.ts';

export type Readings = {
  values: Values;
  /** Readings whose registers hold no number. */
  bad: string[];
  /** Both wrap at the width of their registers. */
  meals: MealCounters | undefined;
  alarms: Record<string, boolean>;
};

/**
 * The PLC of one feeder: one unit id behind a connection, spoken to in the names and units of its register map.
 * Everything rejects with `ModbusError`, which names the parameters of the request that failed, and with `RangeError`
 * for names or values the map does not have.
 */
export class Plc {
  readonly map: RegisterMap;
  readonly #port: ModbusPort;
  readonly #unitId: number;

  constructor(port: ModbusPort, unitId: number, map: RegisterMap) {
    this.#port = port;
    this.#unitId = unitId;
    this.map = map;
  }

  /** Settings as the PLC holds them now. A float32 register without a number in it has no value and is left out. */
  async readConfig(names: Iterable<string> | 'all', priority: Priority): Promise<Values> {
    const items = [...(names === 'all' ? this.map.config.keys() : names)].map((name) => this.#configItem(name));
    const found = await this.#read(items, priority);
    return valuesOf(items, found);
  }

  /** Readings, meal counters and alarms, as a poll. */
  async readReadings(): Promise<Readings> {
    const { readings, meals, alarms } = this.map;
    const items = [...itemsOf(readings), ...itemsOf(alarms), ...itemsOf(Object.entries(meals ?? {}))];
    const found = await this.#read(items, 'read');
    return {
      values: valuesOf(itemsOf(readings), found),
      bad: [...readings].filter(([, entry]) => !found.has(entry)).map(([name]) => name),
      meals: meals && countersIn(meals, found),
      alarms: Object.fromEntries([...alarms].map(([name, entry]) => [name, found.get(entry) === true])),
    };
  }

  /** The requests that make `changes`: neighbours go together, and no value is split. Nothing is sent. */
  planWrites(changes: Values): WritePart[] {
    const items = Object.keys(changes).map((name) => this.#configItem(name));
    return rangesOf(items, MAX_WRITE).map((range) => writePart(range, changes));
  }

  /** Sends one part of a change; `mayStart` is asked directly before it goes out. */
  async write(part: WritePart, mayStart?: () => boolean): Promise<void> {
    await this.#naming(part.parameters, () =>
      part.table === 'coil'
        ? this.#port.writeBits(this.#unitId, part.address, part.bits, mayStart)
        : this.#port.writeWords(this.#unitId, part.address, part.words, mayStart),
    );
  }

  /** Why the PLC's register cannot hold a dose of so many grams, or undefined. */
  gramsProblem(grams: number): string | undefined {
    const encoded = encode(this.#dose().grams, grams);
    if (!encoded.ok) return encoded.problem;
    return encoded.words.every((word) => word === 0) ? `expected enough to make a dose, not ${grams}` : undefined;
  }

  /** What the dose handshake goes by. `lastToken` is read first: what the counters then show is at least as new. */
  async readDose(): Promise<DoseReading> {
    const { refused } = this.#dose();
    const { meals } = this.map;
    const lastToken = await this.readLastToken();
    const counters = Object.entries({ ...(refused && { refused }), ...meals });
    const found = await this.#read(itemsOf(counters), 'write');
    return {
      lastToken,
      ...(refused && { refused: numberIn(found, refused) }),
      ...(meals && { meals: countersIn(meals, found) }),
    };
  }

  /** The token that the PLC took last. */
  async readLastToken(): Promise<number> {
    const { lastToken } = this.#dose();
    return numberIn(await this.#read([{ name: 'lastToken', entry: lastToken }], 'write'), lastToken);
  }

  /** Orders a dose: token and grams in one request. */
  async writeDose(token: number, grams: number, mayStart: () => boolean): Promise<void> {
    const entries = this.#dose();
    const gramsWords = encodeNumber('grams', entries.grams, grams);
    const isTokenFirst = entries.token.address < entries.grams.address;
    const words = isTokenFirst ? [token, ...gramsWords] : [...gramsWords, token];
    const { address } = isTokenFirst ? entries.token : entries.grams;
    await this.#naming(['token', 'grams'], () => this.#port.writeWords(this.#unitId, address, words, mayStart));
  }

  /** Writes the token alone, which with the PLC's `lastToken` withdraws a dose that it has not taken. */
  async writeToken(token: number): Promise<void> {
    const { address } = this.#dose().token;
    await this.#naming(['token'], () => this.#port.writeWords(this.#unitId, address, [token]));
  }

  /** The token that waits, or was taken last. */
  async readToken(): Promise<number | undefined> {
    const { address } = this.#dose().token;
    const words = await this.#naming(['token'], () => this.#port.readWords(this.#unitId, 'holding', address, 1, 'write'));
    return words[0];
  }

  /** Orders the alarms to be cleared. */
  async clearAlarms(mayStart: () => boolean): Promise<void> {
    const { clearAlarms: action } = this.map;
    if (!action) throw new RangeError(`expected a register map with clear-alarms, not ${this.map.name}`);
    await this.#naming(['clear-alarms'], () =>
      action.table === 'coil'
        ? this.#port.writeBits(this.#unitId, action.address, [action.value], mayStart)
        : this.#port.writeWords(this.#unitId, action.address, [action.value], mayStart),
    );
  }

  #dose(): Dose {
    if (!this.map.dose) throw new RangeError(`expected a register map with a dose, not ${this.map.name}`);
    return this.map.dose;
  }

  #configItem(name: string): Item<ConfigEntry> {
    const entry = this.map.config.get(name);
    if (!entry) throw new RangeError(`expected a parameter of register map ${this.map.name}, not ${name}`);
    return { name, entry };
  }

  async #read(items: Item[], priority: Priority): Promise<Found> {
    const found: Found = new Map();
    for (const range of rangesOf(items)) {
      const names = range.items.map(({ name }) => name);
      const valueOf = await this.#naming(names, () => this.#readRange(range, priority));
      for (const { entry } of range.items) {
        const value = valueOf(entry);
        if (value !== undefined) found.set(entry, value);
      }
    }
    return found;
  }

  async #readRange({ table, address, count }: Range, priority: Priority): Promise<(entry: Entry) => ParameterValue | undefined> {
    if (table === 'coil' || table === 'discrete') {
      const bits = await this.#port.readBits(this.#unitId, table, address, count, priority);
      return (entry) => bits[entry.address - address];
    }
    const words = await this.#port.readWords(this.#unitId, table, address, count, priority);
    return (entry) => {
      if (entry.type === 'bool') return undefined;
      const start = entry.address - address;
      return decode(entry, words.slice(start, start + sizeOf(entry)));
    };
  }

  async #naming<T>(parameters: string[], request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw error instanceof ModbusError ? error.about(parameters) : error;
    }
  }
}

/** Values by the very entry of the map they belong to; names alone may be shared by a reading and an alarm. */
type Found = Map<Entry, ParameterValue>;

const itemsOf = (entries: Iterable<[string, Entry]>): Item[] => [...entries].map(([name, entry]) => ({ name, entry }));

const valuesOf = (items: Item[], found: Found): Values =>
  Object.fromEntries(
    items.flatMap(({ name, entry }) => {
      const value = found.get(entry);
      return value === undefined ? [] : [[name, value]];
    }),
  );

function numberIn(found: Found, entry: NumberEntry): number {
  const value = found.get(entry);
  if (typeof value !== 'number') throw new TypeError(`expected a number in ${entry.table} ${entry.address}`);
  return value;
}

const countersIn = ({ count, totalGrams }: { count: NumberEntry; totalGrams: NumberEntry }, found: Found): MealCounters => ({
  count: numberIn(found, count),
  totalGrams: numberIn(found, totalGrams),
});
