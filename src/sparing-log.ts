import type { MachineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { Meter } from './access/meter.ts';

/** What one name, be it a feeder, a login or a network, may have written to the log of one kind, and all together of every kind. */
const LINES = { burst: 10, perSecond: 0.1 } as const;
const LINES_IN_ALL = { burst: 500, perSecond: 20 } as const;

/** The log of what others bring about, so that nobody can fill it; a line says how many were left out since the one before. */
export class SparingLog {
  readonly #log: Pick<Log, 'warn' | 'error'>;
  readonly #lines: Meter;
  readonly #linesInAll: Meter;
  #untold = 0;

  constructor(log: Pick<Log, 'warn' | 'error'>, clock: Pick<MachineClocks, 'monotonicMs'>) {
    this.#log = log;
    this.#lines = new Meter(LINES, clock);
    this.#linesInAll = new Meter(LINES_IN_ALL, clock);
  }

  /** Tells what `name` brought about, unless that has been told often enough lately. */
  warn(name: string, what: object, message: string): void {
    this.#tell('warn', name, what, message);
  }

  /** As `warn`, of what went wrong here. */
  error(name: string, what: object, message: string): void {
    this.#tell('error', name, what, message);
  }

  #tell(level: 'warn' | 'error', name: string, what: object, message: string): void {
    // Much of one kind does not hide another kind.
    if (!this.#lines.take(`${name} ${message}`) || !this.#linesInAll.take('')) {
      this.#untold += 1;
      return;
    }
    const untold = this.#untold;
    this.#untold = 0;
    this.#log[level](untold > 0 ? { ...what, untold } : what, message);
  }
}
