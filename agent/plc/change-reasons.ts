import type { Reason, ReasonCode } from '../../topics/commands.ts';
import type { ModbusError } from '../modbus/modbus-error.ts';
import { firstMissed, type Situation } from './change-verdict.ts';
import { Overtaken } from './controls.ts';

/** As long as an ack's message may be. */
const LONGEST_MESSAGE = 1000;

/** Why a command was not applied, as its ack tells it; a message too long for an ack is cut. */
export const because = (code: ReasonCode, message: string, more: Omit<Reason, 'code' | 'message'> = {}): Reason => ({
  code,
  message: message.slice(0, LONGEST_MESSAGE),
  ...more,
});

/** It could not be journaled, so it must not be written. Throws where it was overtaken instead, and so was not begun. */
export function notJournaled(error: unknown): Reason {
  if (error instanceof Overtaken) throw error;
  return because('journal-unavailable', `nothing was written, because the journal cannot be written: ${String(error)}`);
}

/** It came too late to be written at all. */
export const NOT_WRITTEN = because('expired', 'nothing was written, because the deadline had passed');
/** It was written, perhaps more than once, and never arrived. */
export const NOT_ARRIVED = because('expired', 'the PLC did not answer in time, and holds nothing of it');
/** It was written, and may have arrived in part. */
export const LATE = because('expired', 'the PLC did not answer in time, so it was put back');
/** It arrived in part, before its deadline. */
export const LATE_BETWEEN_WRITES = because('expired', 'the deadline fell between its writes, so it was put back');

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
