import pino, { type Level, type Logger } from 'pino';

export type Log = Logger;

/** Where secrets stand in what might be logged. None is logged on purpose; an error or object may carry one along. */
const SECRETS = ['authorization', 'password', 'token', 'apiKey', 'adminKey', 'connectionString'];

/**
 * What is told of an error: no other property, for libraries put into these what the program was working with. A database's
 * error has the row that it refused, an HTTP parser's the bytes that it read, an invalid URL's the URL.
 */
function toldOf(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error;
  const { message, stack, cause } = error;
  return {
    type: error.constructor.name,
    message,
    ...('code' in error && { code: error.code }),
    stack,
    ...(cause !== undefined && { cause: toldOf(cause) }),
    ...(error instanceof AggregateError && { errors: error.errors.map(toldOf) }),
  };
}

/** A log of JSON lines on standard error, without secrets; standard output is for what the program was asked to print. */
export const createLog = (level: Level | 'silent'): Log =>
  pino(
    { level, redact: SECRETS.flatMap((name) => [name, `*.${name}`]), serializers: { err: toldOf } },
    pino.destination({ fd: 2, sync: true }),
  );
