import type { Table } from '../../modbus/tables.ts';
import { sizeOf } from '../../modbus/codec.ts';
import type { Entry } from '../register-map.ts';
import type { PlcRequest } from './protocol.ts';

/** Which requests a fault meets. */
export type Meets = 'read' | 'write' | 'any';
/** `swallow`: the request is lost. `act`: it takes effect, and the answer is lost. */
export type Silence = { mode: 'swallow' | 'act'; meets?: Meets; times?: number };
/** Answers come this late; longer than the client waits, and the answer is a late one on the same socket. */
export type Delay = { ms: number; meets?: Meets; times?: number };
export type Clamp = { min?: number; max?: number };

type Lasting<F> = { fault: F; left: number };

/** What is wrong with the PLC on purpose. `times` bounds how many requests a fault meets; without it, all. */
export class Faults {
  readonly #exceptions = new Map<string, { entry: Entry; code: number; meets: Meets }>();
  readonly #entryOf: (name: string) => Entry;
  #silence: Lasting<Silence> | undefined;
  #delay: Lasting<Delay> | undefined;
  #isStopped = false;
  readonly #stuck = new Map<string, Entry>();
  readonly #clamped = new Map<string, { entry: Entry; clamp: Clamp }>();

  /** `entryOf` finds a value of the map by its name, and throws for one it has not. */
  constructor(entryOf: (name: string) => Entry) {
    this.#entryOf = entryOf;
  }

  /** Answers nothing; undefined ends it. */
  silence(fault: Silence | undefined): void {
    this.#silence = fault && { fault, left: fault.times ?? Infinity };
  }

  /** Answers late; undefined ends it. */
  delay(fault: Delay | undefined): void {
    this.#delay = fault && { fault, left: fault.times ?? Infinity };
  }

  /** Answers requests that touch `name` with an exception code; undefined ends it. */
  exception(name: string, code: number | undefined, meets: Meets = 'any'): void {
    if (code === undefined) this.#exceptions.delete(name);
    else this.#exceptions.set(name, { entry: this.#entryOf(name), code, meets });
  }

  /** Runs no scan, as a PLC in STOP: registers answer, and nothing is done about them. */
  scan(isStopped = true): void {
    this.#isStopped = isStopped;
  }

  /** Accepts writes of `name` and keeps the old value. */
  stick(name: string, isStuck = true): void {
    if (isStuck) this.#stuck.set(name, this.#entryOf(name));
    else this.#stuck.delete(name);
  }

  /** Accepts writes of `name` and keeps what lies within the limits; undefined ends it. */
  clamp(name: string, clamp: Clamp | undefined): void {
    if (clamp) this.#clamped.set(name, { entry: this.#entryOf(name), clamp });
    else this.#clamped.delete(name);
  }

  /** All is well again. */
  clear(): void {
    this.#exceptions.clear();
    this.#stuck.clear();
    this.#clamped.clear();
    this.#silence = this.#delay = undefined;
    this.#isStopped = false;
  }

  get isScanStopped(): boolean {
    return this.#isStopped;
  }

  takeSilence(request: PlcRequest): Silence['mode'] | undefined {
    return take(this.#silence, request)?.mode;
  }

  takeDelayMs(request: PlcRequest): number {
    return take(this.#delay, request)?.ms ?? 0;
  }

  exceptionFor(request: PlcRequest): number | undefined {
    const hit = [...this.#exceptions.values()].find(({ entry, meets }) => isMet(meets, request) && touches(request, entry));
    return hit?.code;
  }

  isStuck(table: Table, address: number): boolean {
    return [...this.#stuck.values()].some((entry) => covers(entry, table, address));
  }

  clampsOn(request: PlcRequest): { entry: Entry; clamp: Clamp }[] {
    return [...this.#clamped.values()].filter(({ entry }) => touches(request, entry));
  }
}

const isMet = (meets: Meets = 'any', { kind }: PlcRequest) => meets === 'any' || meets === kind;

const covers = (entry: Entry, table: Table, address: number) =>
  entry.table === table && address >= entry.address && address < entry.address + sizeOf(entry);

function touches(request: PlcRequest, entry: Entry): boolean {
  const count = request.kind === 'read' ? request.count : request.values.length;
  const { address } = request;
  return request.table === entry.table && address < entry.address + sizeOf(entry) && entry.address < address + count;
}

function take<F extends { meets?: Meets }>(lasting: Lasting<F> | undefined, request: PlcRequest): F | undefined {
  if (!lasting || lasting.left <= 0 || !isMet(lasting.fault.meets, request)) return undefined;
  lasting.left -= 1;
  return lasting.fault;
}
