import type { MachineClocks } from '../../machine/clocks.ts';
import type { VirtualTime } from './virtual-time.ts';

/** A computer's two clocks: the wall clock may be wrong and may jump, the monotonic one may stand still in a suspension. */
export class Machine implements MachineClocks {
  readonly #time: VirtualTime;
  readonly #bootedAtMs: number;
  #wallErrorMs: number;
  #sleptMs = 0;
  /** How often its clocks went other ways than time does. */
  timesSet = 0;

  constructor(time: VirtualTime, wallErrorMs: number) {
    this.#time = time;
    this.#bootedAtMs = time.nowMs;
    this.#wallErrorMs = wallErrorMs;
  }

  wallMs(): number {
    return this.#time.nowMs + this.#wallErrorMs;
  }

  monotonicMs(): number {
    return this.#time.nowMs - this.#bootedAtMs - this.#sleptMs;
  }

  /** Somebody or something sets the wall clock. */
  jump(byMs: number): void {
    this.#wallErrorMs += byMs;
    this.timesSet += 1;
  }

  /** The monotonic clock stood still for this long. */
  slept(durationMs: number): void {
    this.#sleptMs += durationMs;
    this.timesSet += 1;
  }
}
