import pino, { type Logger } from 'pino';
import type { Settings } from './settings.ts';

export type Log = Logger;

/** A log of JSON lines on standard error; standard output is for what the program was asked to print. */
export const createLog = (level: Settings['LOG_LEVEL']): Log => pino({ level }, pino.destination({ fd: 2, sync: true }));
