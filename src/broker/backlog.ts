/**
 * The buffer of a connection's stream. It is never filled: where a stream says that it is full, Aedes waits for it, and
 * everybody else waits with it.
 */
export const WRITE_BUFFER_BYTES = 8 * 1024 * 1024;

/** How much may wait to be written before messages that may be lost are dropped, and before the connection is given up. */
const DROP_ABOVE_BYTES = 64 * 1024;
const CUT_ABOVE_BYTES = 1024 * 1024;

/** Room for what is written before anybody asks again. */
const MARGIN_BYTES = 1024 * 1024;

/**
 * What happens to the next message for a connection on which `waitingBytes` wait to be written. One that matters is
 * never left out, which would leave a stale value standing: whoever reads too slowly for those is cut off, and gets
 * everything retained anew on coming back. The `replayedBytes` of retained messages that it got on subscribing are not
 * held against it: it asked for them, and over a slow line they take their time.
 */
export function admit(waitingBytes: number, replayedBytes: number, mayBeLost: boolean): 'send' | 'drop' | 'cut' {
  if (mayBeLost) return waitingBytes > DROP_ABOVE_BYTES ? 'drop' : 'send';
  const cutAboveBytes = Math.min(CUT_ABOVE_BYTES + replayedBytes, WRITE_BUFFER_BYTES - MARGIN_BYTES);
  return waitingBytes > cutAboveBytes ? 'cut' : 'send';
}
