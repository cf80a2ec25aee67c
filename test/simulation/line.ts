import type { ModbusPort } from '../../agent/modbus/modbus-port.ts';
import { exceptionError, ModbusError } from '../../agent/modbus/modbus-error.ts';
import { RequestQueue, type Priority } from '../../agent/modbus/request-queue.ts';
import type { PlcRequest, WriteRequest } from '../../agent/plc/simulator/protocol.ts';
import type { Chance } from '../../machine/chance.ts';
import type { FeederPlc } from './feeder-plc.ts';
import type { Life } from './life.ts';
import type { VirtualTime } from './virtual-time.ts';

const TIMEOUT_MS = 1_000;

/** How the line to the PLC behaves, and what is still on it: it outlives the agents that use it. */
export class LineState {
  isCut = false;
  /** How likely a request goes wrong. */
  lossiness = 0;
  /** Requests that were given up and may still arrive, until a new connection is made. */
  readonly lingering = new Set<() => void>();
}

/** Told when the bytes of a write go out; what it returns is told each time that the write takes effect. */
export type LineWatch = (write: WriteRequest) => () => void;

type Fate = 'good' | 'lost' | 'answer-lost' | 'late' | 'busy' | 'unproven' | 'garbled';
const FATES: readonly { fate: Fate; weight: number }[] = [
  { fate: 'lost', weight: 2 },
  { fate: 'answer-lost', weight: 3 },
  { fate: 'late', weight: 2 },
  { fate: 'busy', weight: 1 },
  { fate: 'unproven', weight: 1 },
  { fate: 'garbled', weight: 1 },
];
const DEVICE_BUSY = 6;
const GATEWAY_TARGET_FAILED = 11;

/** One run of the agent's connection to the PLC, by the rules of the real one: one request at a time, a new connection after each without an answer. */
export class Line implements ModbusPort {
  readonly #queue = new RequestQueue();
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #life: Life;
  readonly #plc: FeederPlc;
  readonly #state: LineState;
  readonly #watch: LineWatch;
  #isConnected = false;

  constructor(
    { time, chance, plc, lineState }: { time: VirtualTime; chance: Chance; plc: FeederPlc; lineState: LineState },
    life: Life,
    watch: LineWatch,
  ) {
    this.#time = time;
    this.#chance = chance;
    this.#life = life;
    this.#plc = plc;
    this.#state = lineState;
    this.#watch = watch;
  }

  async readBits(...[, table, address, count, priority]: Parameters<ModbusPort['readBits']>): Promise<boolean[]> {
    const cells = await this.#ask(priority, { kind: 'read', table, address, count });
    return cells.map((cell) => cell === 1);
  }

  readWords(...[, table, address, count, priority]: Parameters<ModbusPort['readWords']>): Promise<number[]> {
    return this.#ask(priority, { kind: 'read', table, address, count });
  }

  async writeBits(...[, address, bits, mayStart]: Parameters<ModbusPort['writeBits']>): Promise<void> {
    const values = bits.map((bit) => (bit ? 1 : 0));
    await this.#ask('write', { kind: 'write', table: 'coil', address, values }, mayStart);
  }

  async writeWords(...[, address, words, mayStart]: Parameters<ModbusPort['writeWords']>): Promise<void> {
    await this.#ask('write', { kind: 'write', table: 'holding', address, values: [...words] }, mayStart);
  }

  #ask(priority: Priority, request: PlcRequest, mayStart: () => boolean = () => true): Promise<number[]> {
    return this.#queue.run(priority, async () => {
      if (!this.#isConnected) await this.#connect();
      if (!mayStart()) throw new ModbusError({ code: 'withheld' }, 'no longer wanted');
      const onActed = request.kind === 'write' ? this.#watch(request) : () => undefined;
      return this.#exchange(request, onActed);
    });
  }

  async #connect(): Promise<void> {
    const isThere = (): boolean => !this.#state.isCut && this.#plc.isPowered;
    await this.#life.wait(isThere() ? this.#chance.between(0.5, 3) : this.#chance.between(1, TIMEOUT_MS), () => undefined);
    if (!isThere()) throw new ModbusError({ code: 'unreachable' }, 'cannot reach the PLC');
    for (const arrive of this.#state.lingering) if (this.#chance.hits(0.5)) arrive();
    this.#state.lingering.clear();
    this.#isConnected = true;
  }

  #exchange(request: PlcRequest, onActed: () => void): Promise<number[]> {
    const isRough = this.#chance.hits(this.#state.lossiness);
    const fate = isRough ? this.#chance.weighted(FATES).fate : 'good';
    return new Promise((resolve, reject) => {
      const fail = (afterMs: number, error: ModbusError): void => {
        this.#life.after(afterMs, () => {
          if (error.code !== 'exception') this.#isConnected = false;
          reject(error);
        });
      };
      const noAnswer = (): void => fail(TIMEOUT_MS, new ModbusError({ code: 'no-answer' }, 'no answer'));
      if (fate === 'late') {
        this.#linger(request, onActed);
        noAnswer();
        return;
      }
      this.#time.after(this.#trip(), () => {
        if (fate === 'lost' || this.#state.isCut || !this.#plc.isPowered) noAnswer();
        else if (fate === 'busy') fail(this.#trip(), exceptionError('request', DEVICE_BUSY));
        else {
          const answer = this.#act(request, onActed);
          if (fate === 'answer-lost') noAnswer();
          else if (fate === 'unproven') fail(this.#trip(), exceptionError('request', GATEWAY_TARGET_FAILED));
          else if (fate === 'garbled') fail(this.#trip(), new ModbusError({ code: 'bad-reply' }, 'the reply does not fit'));
          else if ('exceptionCode' in answer) fail(this.#trip(), exceptionError('request', answer.exceptionCode));
          else this.#life.after(this.#trip(), () => resolve(answer));
        }
      });
    });
  }

  /** It arrives some time later, or when the next connection is made, or never. */
  #linger(request: PlcRequest, onActed: () => void): void {
    const { lingering } = this.#state;
    const arrive = (): void => {
      lingering.delete(arrive);
      if (!this.#state.isCut && this.#plc.isPowered) this.#act(request, onActed);
    };
    lingering.add(arrive);
    this.#time.after(this.#chance.between(0, 2 * TIMEOUT_MS), () => {
      if (lingering.has(arrive)) arrive();
    });
  }

  #act(request: PlcRequest, onActed: () => void): ReturnType<FeederPlc['act']> {
    const answer = this.#plc.act(request);
    if (!('exceptionCode' in answer)) onActed();
    return answer;
  }

  #trip(): number {
    return this.#chance.between(0.3, 4);
  }
}
