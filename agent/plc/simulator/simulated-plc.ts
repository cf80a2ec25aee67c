import { setTimeout as delay } from 'node:timers/promises';
import type { ParameterValue, Values } from '../../../topics/parameters.ts';
import type { Entry, RegisterMap } from '../register-map.ts';
import { Faults } from './faults.ts';
import { newFeeder, powerCycled, shownBy, startMeal, step, type FeederState, type TakenDose } from './feeder-model.ts';
import { Memory } from './memory.ts';
import * as protocol from './protocol.ts';
import { defaultSetting, namedEntries, publish, scanInputs } from './registers.ts';
import type { Retained, RetainedMemory } from './retained-memory.ts';
import { ModbusTcpServer } from './tcp-server.ts';

export type SimulatedPlcOptions = {
  map: RegisterMap;
  /** 0 for a free one. */
  port: number;
  host?: string;
  /** Answers only this unit id; others get exception 11. Without it, every one. */
  unitId?: number;
  /** Feeder seconds in a second. */
  speed?: number;
  /** The feeder's local time at the start, seconds after midnight. */
  secondOfDay?: number;
  /** What survives its end, as a power cut; without it, nothing does. */
  retainedMemory?: RetainedMemory;
};

/** A write request as it came in; `acted` tells whether it took effect. */
export type ReceivedWrite = protocol.WriteRequest & { unitId: number; acted: boolean };

const SCAN_MS = 20;
const NOON_SECONDS = 12 * 3600;
const MOST_WRITES_KEPT = 10_000;

/**
 * A feeder's PLC speaking Modbus TCP, with registers laid out by any register map. Only mapped addresses exist, others
 * answer exception 2. A write outside `min` and `max` goes into the register, as in most real PLCs: they are the
 * map's limits, not the PLC's.
 */
export class SimulatedPlc {
  readonly map: RegisterMap;
  readonly faults: Faults;
  /** The write requests received, oldest first. */
  readonly writes: ReceivedWrite[] = [];
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #memory: Memory;
  readonly #server: ModbusTcpServer;
  readonly #unitId: number | undefined;
  readonly #retainedMemory: RetainedMemory | undefined;
  #state: FeederState;
  #speed: number;
  #scannedAt = performance.now();
  readonly #scanning: NodeJS.Timeout;

  private constructor(options: SimulatedPlcOptions) {
    const { map, port, host = '127.0.0.1', unitId, speed = 1, secondOfDay = NOON_SECONDS, retainedMemory } = options;
    this.map = map;
    this.faults = new Faults((name) => this.#entry(name));
    this.#entries = namedEntries(map);
    this.#memory = new Memory(map);
    this.#unitId = unitId;
    this.#speed = speed;
    this.#retainedMemory = retainedMemory;
    this.#state = newFeeder(secondOfDay);
    this.resetToDefaults();
    if (retainedMemory?.atStart) this.#restore(retainedMemory.atStart);
    this.#scan();
    this.#server = new ModbusTcpServer(host, port, (unit, pdu) => this.#answer(unit, pdu));
    this.#scanning = setInterval(() => this.#scan(), SCAN_MS);
  }

  /** Starts one, listening; rejects where it cannot listen. */
  static async start(options: SimulatedPlcOptions): Promise<SimulatedPlc> {
    const plc = new SimulatedPlc(options);
    try {
      await plc.#server.listen();
    } catch (error) {
      await plc.stop();
      throw error;
    }
    return plc;
  }

  get port(): number {
    return this.#server.port;
  }

  /** The doses it has taken, oldest first; the last 10,000. */
  get doses(): readonly TakenDose[] {
    return this.#state.doses;
  }

  /** Its own front panel: what a person standing beside it does. */
  readonly panel = {
    /** Sets a setting, a reading the model keeps (a refilled hopper), the motor jam, or any other value of the map. */
    set: (name: string, value: ParameterValue): void => {
      const changed = this.map.config.has(name) ? undefined : withValue(this.#state, name, value);
      if (changed) {
        this.#state = changed;
        publish(changed, this.map, this.#memory);
      } else {
        this.#memory.set(this.#entry(name), value);
      }
    },
    /** What a register shows. */
    get: (name: string): ParameterValue => this.#memory.get(this.#entry(name)),
    /** Starts a meal by hand. */
    feed: (grams: number): void => {
      this.#state = startMeal(this.#state, grams);
    },
  };

  /** All values by name: settings, readings, alarms, counters. */
  show(): Values {
    return Object.fromEntries([...this.#entries].map(([name, entry]) => [name, this.#memory.get(entry)]));
  }

  /** How many write requests touched `name`, acted on or not. */
  writesOf(name: string): number {
    const { table, address } = this.#entry(name);
    return this.writes.filter(
      (write) => write.table === table && address >= write.address && address < write.address + write.values.length,
    ).length;
  }

  /** Settings as the factory left them. */
  resetToDefaults(): void {
    for (const [name, entry] of this.map.config) this.#memory.measure(entry, defaultSetting(name, entry));
  }

  /** Off and on again: connections are cut, a running meal ends, registers and counters stay. */
  powerCycle(): void {
    this.#server.drop();
    this.#state = powerCycled(this.#state);
    this.#scan();
  }

  /** Refuses new connections and cuts those that stand. */
  async disconnect(): Promise<void> {
    await this.#server.close();
  }

  /** Takes connections again, on the same port. */
  async reconnect(): Promise<void> {
    await this.#server.listen();
  }

  /** Cuts every connection; new ones are taken. */
  dropConnections(): void {
    this.#server.drop();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
  }

  /** Ends it: nothing listens, no connection stands. */
  async stop(): Promise<void> {
    clearInterval(this.#scanning);
    await this.#server.close();
  }

  #scan(): void {
    const now = performance.now();
    const elapsedSeconds = ((now - this.#scannedAt) / 1000) * this.#speed;
    this.#scannedAt = now;
    if (!this.faults.isScanStopped) {
      this.#state = step(this.#state, scanInputs(this.map, this.#memory), elapsedSeconds);
      publish(this.#state, this.map, this.#memory);
    }
    this.#retain();
  }

  #retain(): void {
    const [coil, holding] = [this.#memory.dump('coil'), this.#memory.dump('holding')];
    this.#retainedMemory?.keep({ map: this.map.name, feeder: retainedOf(this.#state), registers: { coil, holding } });
  }

  #restore({ feeder, registers }: Retained): void {
    this.#state = powerCycled({ ...this.#state, ...feeder });
    this.#memory.restore('coil', registers.coil);
    this.#memory.restore('holding', registers.holding);
  }

  async #answer(unitId: number, pdu: Buffer): Promise<Buffer | undefined> {
    if (this.#unitId !== undefined && unitId !== this.#unitId) return protocol.exceptionReply(pdu, protocol.GATEWAY_TARGET_FAILED);
    const parsed = protocol.parseRequest(pdu);
    if (!parsed.ok) return protocol.exceptionReply(pdu, parsed.exceptionCode);
    const { request } = parsed;
    const silence = this.faults.takeSilence(request);
    const delayMs = this.faults.takeDelayMs(request);
    const reply = silence === 'swallow' ? undefined : this.#actOn(request, pdu);
    if (request.kind === 'write') this.#record({ ...request, unitId, acted: reply !== undefined && reply[0] === pdu[0] });
    if (silence) return undefined;
    if (delayMs > 0) await delay(delayMs);
    return reply;
  }

  #actOn(request: protocol.PlcRequest, pdu: Buffer): Buffer {
    const count = request.kind === 'read' ? request.count : request.values.length;
    const before = this.#memory.read(request.table, request.address, count);
    const exceptionCode = before ? this.faults.exceptionFor(request) : protocol.ILLEGAL_ADDRESS;
    if (!before || exceptionCode !== undefined) return protocol.exceptionReply(pdu, exceptionCode ?? protocol.ILLEGAL_ADDRESS);
    if (request.kind === 'write') this.#write(request);
    return protocol.replyTo(request, pdu, before);
  }

  #write(request: protocol.WriteRequest): void {
    const { table, address, values } = request;
    values.forEach((value, index) => {
      if (!this.faults.isStuck(table, address + index)) this.#memory.write(table, address + index, [value]);
    });
    for (const { entry, clamp } of this.faults.clampsOn(request)) {
      const written = Number(this.#memory.get(entry));
      this.#memory.measure(entry, Math.min(clamp.max ?? Infinity, Math.max(clamp.min ?? -Infinity, written)));
    }
    this.#retain();
  }

  #record(write: ReceivedWrite): void {
    this.writes.push(write);
    if (this.writes.length > MOST_WRITES_KEPT) this.writes.shift();
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (!entry) throw new RangeError(`expected a name in register map ${this.map.name}, not ${name}`);
    return entry;
  }
}

/** What of the feeder's state survives a power cut. */
function retainedOf(state: FeederState): Retained['feeder'] {
  const { feeding, hopperGrams, dispensedTodayGrams, mealsToday, motorJam, mealCount, totalGrams, lastToken, refused, doses } = state;
  const counters = { hopperGrams, dispensedTodayGrams, mealsToday, motorJam, mealCount, totalGrams, lastToken, refused };
  return { ...counters, ...(feeding && { feeding }), doses };
}

/** The feeder's state with one of its plain values changed from outside; undefined where it keeps no such value. */
function withValue(state: FeederState, name: string, value: ParameterValue): FeederState | undefined {
  if (Object.hasOwn(shownBy(state), name)) throw new RangeError(`${name} follows from the feeder's state and cannot be set`);
  const kept = new Map<string, unknown>(Object.entries(state)).get(name);
  if (typeof kept !== 'number' && typeof kept !== 'boolean') return undefined;
  if (typeof kept !== typeof value) throw new RangeError(`${name}: expected a ${typeof kept}, not ${value}`);
  return { ...state, [name]: value };
}
