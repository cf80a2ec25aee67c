import pino, { type Level, type Logger } from 'pino';

export type Log = Logger;

/** A log of JSON lines on standard error; standard output is for what the program was asked to print. */
export const createLog = (level: Level | 'silent'): Log => pino({ level }, pino.destination({ fd: 2, sync: true }));
