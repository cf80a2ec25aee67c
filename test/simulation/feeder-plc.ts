import type { PlcRequest, WriteRequest } from '../../agent/plc/simulator/protocol.ts';
import { newFeeder, powerCycled, startMeal, step, type FeederState } from '../../agent/plc/simulator/feeder-model.ts';
import { Memory } from '../../agent/plc/simulator/memory.ts';
import { defaultSetting, publish, scanInputs } from '../../agent/plc/simulator/registers.ts';
import type { RegisterMap } from '../../agent/plc/register-map.ts';
import type { ParameterValue } from '../../topics/parameters.ts';
import type { Chance } from '../../machine/chance.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How long a scan takes to come at most. */
const SCAN_MS = 20;
const NOON_SECONDS = 12 * 3600;
const FULL_HOPPER_GRAMS = 25_000;
/** Doses are over before many more have come. */
const FAST = new Map([['doseRateGramsPerSecond', 100]]);

export type PlcWatch = {
  /** The PLC took a token and started its dose. */
  dosed: (token: number, grams: number) => void;
  /** What its registers hold has changed. */
  changed: () => void;
};

/**
 * The simulated PLC's own program and registers, in simulated time. Scans are made when something may come of them: some
 * time after an order, and before the counters of a meal under way are read.
 */
export class FeederPlc {
  readonly map: RegisterMap;
  readonly memory: Memory;
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #watch: PlcWatch;
  #state: FeederState = newFeeder(NOON_SECONDS);
  #scannedAtMs: number;
  #callOffScan: (() => void) | undefined;
  #isScanning = true;
  isPowered = true;
  /** The exception it answers writes, or everything, with. */
  exception: { code: number; meets: 'write' | 'any' } | undefined;

  constructor(map: RegisterMap, { time, chance, watch }: { time: VirtualTime; chance: Chance; watch: PlcWatch }) {
    this.map = map;
    this.memory = new Memory(map);
    this.#time = time;
    this.#chance = chance;
    this.#watch = watch;
    this.#scannedAtMs = time.nowMs;
    this.#resetSettings();
    this.#scan();
  }

  get isAnswering(): boolean {
    return this.isPowered && this.exception === undefined;
  }

  /** Whether it does all that a PLC should. */
  get isWell(): boolean {
    return this.isAnswering && this.#isScanning;
  }

  get lastToken(): number {
    return this.#state.lastToken;
  }

  /** What it answers: cells, or the code of an exception. */
  act(request: PlcRequest): number[] | { exceptionCode: number } {
    const { exception } = this;
    if (exception && (exception.meets === 'any' || request.kind === 'write')) return { exceptionCode: exception.code };
    const { table, address } = request;
    if (request.kind === 'read') {
      if ((table === 'input' || table === 'discrete') && this.#isFeeding) this.#scan();
      return this.memory.read(table, address, request.count) ?? { exceptionCode: 2 };
    }
    if (!this.memory.read(table, address, request.values.length)) return { exceptionCode: 2 };
    this.memory.write(table, address, request.values);
    this.#watch.changed();
    if (this.#isOrder(request)) this.#scanSoon();
    return [];
  }

  /** Somebody sets a value at its own panel. */
  setByHand(name: string, value: ParameterValue): void {
    const entry = this.map.config.get(name);
    if (entry) this.memory.set(entry, value);
    this.#watch.changed();
  }

  /** Somebody fills the hopper. */
  refill(): void {
    this.#state = { ...this.#state, hopperGrams: FULL_HOPPER_GRAMS };
  }

  jamMotor(): void {
    this.#state = { ...this.#state, motorJam: true };
  }

  /** A scheduled meal begins. */
  feedByItself(grams: number): void {
    if (this.isPowered && this.#isScanning) this.#state = startMeal(this.#state, grams);
  }

  /** Its program stops, as with the key switch; it still answers. */
  stopScanning(): void {
    this.#isScanning = false;
    this.#callOffScan?.();
    this.#callOffScan = undefined;
  }

  startScanning(): void {
    if (this.#isScanning) return;
    this.#isScanning = true;
    this.#scannedAtMs = this.#time.nowMs;
    if (this.isPowered) this.#scanSoon();
  }

  powerOff(): void {
    if (!this.isPowered) return;
    this.isPowered = false;
    this.#callOffScan?.();
    this.#callOffScan = undefined;
    this.#state = powerCycled(this.#state);
  }

  powerOn(): void {
    if (this.isPowered) return;
    this.isPowered = true;
    this.#scannedAtMs = this.#time.nowMs;
    this.#scanSoon();
  }

  /** Its battery is empty: registers and counters are as new. */
  loseMemory(): void {
    this.#state = newFeeder(NOON_SECONDS);
    const { dose } = this.map;
    if (dose) {
      this.memory.set(dose.token, 0);
      this.memory.set(dose.grams, 0);
    }
    this.#resetSettings();
    publish(this.#state, this.map, this.memory);
    this.#watch.changed();
  }

  #resetSettings(): void {
    for (const [name, entry] of this.map.config) this.memory.measure(entry, FAST.get(name) ?? defaultSetting(name, entry));
  }

  /** Counters move, and no scan is to come that would show it. */
  get #isFeeding(): boolean {
    const isDue = this.#time.nowMs - this.#scannedAtMs >= SCAN_MS;
    return isDue && this.#state.feeding !== undefined && this.#isScanning && !this.#callOffScan;
  }

  /** Something that the next scan takes up; settings can wait for one that comes anyway. */
  #isOrder({ table, address, values }: WriteRequest): boolean {
    const { dose, clearAlarms } = this.map;
    return [dose?.token, clearAlarms].some(
      (entry) => entry?.table === table && entry.address >= address && entry.address < address + values.length,
    );
  }

  #scanSoon(): void {
    if (!this.#isScanning || !this.isPowered || this.#callOffScan) return;
    this.#callOffScan = this.#time.after(this.#chance.between(0, SCAN_MS), () => {
      this.#callOffScan = undefined;
      this.#scan();
    });
  }

  #scan(): void {
    const inputs = scanInputs(this.map, this.memory);
    const before = this.#state;
    this.#state = step(before, inputs, (this.#time.nowMs - this.#scannedAtMs) / 1000);
    this.#scannedAtMs = this.#time.nowMs;
    publish(this.#state, this.map, this.memory);
    const { lastToken, refused } = this.#state;
    if (inputs.dose && lastToken !== before.lastToken && refused === before.refused) this.#watch.dosed(lastToken, inputs.dose.grams);
  }
}
