import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Log } from '../../machine/log.ts';
import { attemptOf, remember } from './request-context.ts';

/**
 * An id that a proxy or client gave the request, as long as a UUID at most: a longer one may be a key in the wrong place, for
 * those that the bridge makes are longer. Anything else is not taken into the log.
 */
const GIVEN_ID = /^[\w.:-]{1,36}$/;

const idFor = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && GIVEN_ID.test(given) ? given : randomUUID();
};

/**
 * Gives every request an id, the caller's `X-Request-Id` where it sent one, tells it in the answer, and logs a line at
 * `debug` when the request was answered. No header, no body and nothing of the URL is logged, but which operation and which
 * feeder it named: what a caller writes may be a secret in the wrong place.
 */
export function requestLog(log: Log, machine: MachineClocks): RequestHandler {
  // It would prepare a line for every request, and throw it away.
  const logged = log.isLevelEnabled('debug') ? lineForEach(log) : undefined;
  return (request, response, next) => {
    const requestId = idFor(request);
    request.id = requestId;
    logged?.(request, response);
    response.set('X-Request-Id', requestId);
    remember(response, { arrival: { requestId, address: request.ip ?? null, receivedMs: machine.monotonicMs() } });
    next();
  };
}

const lineForEach = (log: Log) =>
  pinoHttp({
    logger: log,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    // What failed is told where it failed, with the same id.
    useLevel: 'debug',
    customProps: (_request, response) => {
      const { operationId, feeder } = attemptOf(response);
      return { operation: operationId, feederId: feeder?.feederId };
    },
    serializers: {
      req: ({ method }: { method: string }) => ({ method }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
  });
