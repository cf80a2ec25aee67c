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

/** How much refusing is taken, in a row, before the PLC is taken at its word. */
export type Patience = { isRefusal: IsRefusal; tries: number };

/** For what may be put back or told apart later. A PLC that is busy only says "not now". */
export const A_FEW_TRIES: Patience = { isRefusal: (error) => error.code === 'exception' && !error.isBusy, tries: TRIES };
/** Modbus's exceptions 1 to 3: the PLC has no such function, address or value, and will not get it by waiting. */
const LAST_OF_NO_SUCH_THING = 3;
/** For what must be known: a PLC that starts, or that is being loaded, may have none of its registers for a while. */
export const A_MINUTE: Patience = {
  isRefusal: ({ failure }) => failure.code === 'exception' && failure.exceptionCode <= LAST_OF_NO_SUCH_THING,
  tries: 60_000 / ASK_AGAIN_MS,
};

/**
 * Repeats a request, one that does no harm twice, until the PLC answers it, however long it is silent or busy. Rejects with
 * `StillRefused` when it has refused as often as patience allows.
 */
export async function untilAnswered<T>(
  request: () => Promise<T>,
  { pause }: Pick<Controls, 'pause'>,
  { isRefusal, tries }: Patience,
): Promise<T> {
  for (let refusals = 0; ; ) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      refusals = isRefusal(error) ? refusals + 1 : 0;
      if (refusals >= tries) throw new StillRefused(error.message, { cause: error });
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
