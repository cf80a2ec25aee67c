import pino, { type Logger } from 'pino';

export type Log = Logger;

/** A log of JSON lines on standard error. */
export const createLog = (): Log => pino(pino.destination({ fd: 2, sync: true }));
