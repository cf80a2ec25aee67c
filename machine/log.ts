import pino, { type Level, type Logger } from 'pino';

export type Log = Logger;

/** Where secrets stand in what might be logged. None is logged on purpose; an error or object may carry one along. */
const SECRETS = ['authorization', 'password', 'token', 'apiKey', 'adminKey', 'connectionString'];

/** A log of JSON lines on standard error, without secrets; standard output is for what the program was asked to print. */
export const createLog = (level: Level | 'silent'): Log =>
  pino(
    { level, redact: SECRETS.flatMap((name) => [name, `*.${name}`]) },
    pino.destination({ fd: 2, sync: true }),
  );
