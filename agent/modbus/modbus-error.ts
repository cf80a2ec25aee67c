/**
 * How a Modbus request failed. `unreachable`: nothing of it went out. `withheld`: nothing went out, because it was no
 * longer wanted when its turn came. `no-answer`: it went out and may have been acted on. `exception`: the PLC refused
 * it. `bad-reply`: the reply makes no sense, so it may have been acted on.
 */
export type ModbusFailure =
  | { code: 'unreachable' }
  | { code: 'withheld' }
  | { code: 'no-answer'; exceptionCode?: number }
  | { code: 'exception'; exceptionCode: number }
  | { code: 'bad-reply' };

/** A request may carry a hundred parameters; a message that names them all is no longer read. */
const NAMED_PARAMETERS = 3;

/** A Modbus request without a good answer; `parameters` names what it was about, where that is known. */
export class ModbusError extends Error {
  override readonly name = 'ModbusError';
  readonly failure: ModbusFailure;
  readonly parameters: readonly string[];

  constructor(failure: ModbusFailure, message: string, options: { parameters?: readonly string[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.parameters = options.parameters ?? [];
  }

  get code(): ModbusFailure['code'] {
    return this.failure.code;
  }

  /** The PLC cannot take the request just now, and may take the same one later. */
  get isBusy(): boolean {
    return this.failure.code === 'exception' && this.failure.exceptionCode === DEVICE_BUSY;
  }

  /** The same failure, naming the parameters the request carried; its message names the first few. */
  about(parameters: readonly string[]): ModbusError {
    const left = parameters.length - NAMED_PARAMETERS;
    const named = parameters.slice(0, NAMED_PARAMETERS).join(', ') + (left > 0 ? ` and ${left} more` : '');
    return new ModbusError(this.failure, `${named}: ${this.message}`, { parameters, cause: this.cause });
  }
}

/** ACKNOWLEDGE, GATEWAY PATH UNAVAILABLE, GATEWAY TARGET FAILED TO RESPOND: the request may still take effect. */
const UNPROVEN_EXCEPTIONS: readonly number[] = [0x05, 0x0a, 0x0b];
/** SERVER DEVICE BUSY: the same request may be answered later. */
const DEVICE_BUSY = 0x06;

const EXCEPTION_NAMES: Readonly<Record<number, string>> = {
  1: 'illegal function',
  2: 'illegal data address',
  3: 'illegal data value',
  4: 'device failure',
  5: 'acknowledge',
  6: 'device busy',
  8: 'memory parity error',
  10: 'gateway path unavailable',
  11: 'gateway target failed to respond',
};

/** What an exception reply says about `request`. */
export function exceptionError(request: string, exceptionCode: number): ModbusError {
  const code = UNPROVEN_EXCEPTIONS.includes(exceptionCode) ? 'no-answer' : 'exception';
  const name = EXCEPTION_NAMES[exceptionCode] ?? 'unknown';
  return new ModbusError({ code, exceptionCode }, `${request}: exception ${exceptionCode} (${name})`);
}
