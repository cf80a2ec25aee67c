import type { Reason } from '../../topics/commands.ts';
import { ModbusError } from '../modbus/modbus-error.ts';
import { NOT_WRITTEN, reasonOf } from './change-reasons.ts';
import type { Controls } from './controls.ts';

/** How a forward write went: one that brings a command nearer to its aim, and so never starts after the deadline. */
export type Sent =
  | { kind: 'written' }
  /** The PLC answered with an exception. */
  | { kind: 'refused'; reason: Reason }
  /** It went out, and may have been acted on. */
  | { kind: 'unanswered' }
  /** With what that makes of a command of which nothing else went out. */
  | { kind: 'nothing-sent'; outcome: 'rejected' | 'expired'; reason: Reason };

/** Sends one forward write when the bridge's time is known, unless it is too late when its turn has come. */
export async function writeForward(
  write: (mayStart: () => boolean) => Promise<void>,
  { isInTime, timeKnown, reached }: Pick<Controls, 'isInTime' | 'timeKnown' | 'reached'>,
): Promise<Sent> {
  for (;;) {
    await timeKnown();
    const asked: { inTime?: boolean | undefined } = {};
    const mayStart = (): boolean => {
      asked.inTime = isInTime();
      if (asked.inTime === true) reached('writing');
      return asked.inTime === true;
    };
    try {
      await write(mayStart);
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      // The time was lost while it waited for its turn: nobody can tell yet whether that was too late.
      if (error.code === 'withheld' && asked.inTime === undefined) continue;
      return failed(error);
    }
    reached('written');
    return { kind: 'written' };
  }
}

function failed(error: ModbusError): Sent {
  switch (error.code) {
    case 'withheld':
      return { kind: 'nothing-sent', outcome: 'expired', reason: NOT_WRITTEN };
    case 'unreachable':
      return { kind: 'nothing-sent', outcome: 'rejected', reason: reasonOf(error, 'plc-unreachable') };
    case 'exception':
      return { kind: 'refused', reason: reasonOf(error, 'plc-exception') };
    case 'no-answer':
    case 'bad-reply':
      return { kind: 'unanswered' };
  }
}
