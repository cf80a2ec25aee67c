import type { Reason, ReasonCode } from '../../topics/commands.ts';
import type { ModbusError } from '../modbus/modbus-error.ts';
import { firstMissed, type Situation } from './change-verdict.ts';

/** Why a change was not applied, as its ack tells it. */
export const because = (code: ReasonCode, message: string, more: Omit<Reason, 'code' | 'message'> = {}): Reason => ({
  code,
  message,
  ...more,
});

export const LATE = because('expired', 'the PLC did not answer in time, so it was put back');

/** A value that was written and answered, but is not what the PLC holds. */
export function mismatch(situation: Situation): Reason {
  const name = firstMissed(situation) ?? '';
  const message = `${name} was written as ${String(situation.changes[name])}, but reads back as ${String(situation.held[name])}`;
  return because('read-back-mismatch', message, { parameter: name });
}

/** What a failed Modbus request says; `otherwise` where the PLC did not answer it with an exception. */
export function reasonOf(error: ModbusError, otherwise: ReasonCode): Reason {
  const [parameter] = error.parameters;
  const about = parameter === undefined ? {} : { parameter };
  if (error.failure.code !== 'exception') return because(otherwise, error.message, about);
  return because('plc-exception', error.message, { ...about, exceptionCode: error.failure.exceptionCode });
}
