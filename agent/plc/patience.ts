import { ModbusError } from '../modbus/modbus-error.ts';
import type { Controls } from './controls.ts';

/** How long to wait before a PLC that does not answer is asked again. */
export const ASK_AGAIN_MS = 500;

/** How often a request is tried that the PLC refuses. */
export const TRIES = 3;

/** The PLC refuses again and again: what it holds cannot be known. */
class StillRefused extends Error {}

/** Whether a failed request counts as refused. */
type IsRefusal = (error: ModbusError) => boolean;
export const anyException: IsRefusal = ({ code }) => code === 'exception';
/** A PLC that is busy only says "not now". */
export const anyExceptionButBusy: IsRefusal = (error) => anyException(error) && !error.isBusy;

/**
 * Repeats a request, one that does no harm twice, until the PLC answers it, however long that takes and whatever it says
 * meanwhile; where `isRefusal` is given, rejects with `StillRefused` when the PLC has refused three times.
 */
export async function untilAnswered<T>(
  request: () => Promise<T>,
  { pause }: Pick<Controls, 'pause'>,
  isRefusal: IsRefusal = () => false,
): Promise<T> {
  for (let refusals = 0; ; ) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      if (isRefusal(error)) refusals += 1;
      if (refusals >= TRIES) throw new StillRefused(error.message, { cause: error });
      await pause(ASK_AGAIN_MS);
    }
  }
}

/** What `work` comes to; `otherwise` where the PLC still refuses. */
export async function unlessStillRefused<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StillRefused) return otherwise;
    throw error;
  }
}

/** A read before anything is written; one lost answer is forgiven, unless it is too late. */
export async function forgivingOnce<T>(read: () => Promise<T>, { isInTime }: Pick<Controls, 'isInTime'>): Promise<T> {
  return read().catch((error: unknown) => {
    if (!(error instanceof ModbusError) || error.code === 'exception' || isInTime() === false) throw error;
    return read();
  });
}
