import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Log } from '../../machine/log.ts';
import { Meter } from '../access/meter.ts';
import { networkOf } from '../access/network-of.ts';
import { Problem } from '../errors.ts';
import { arrivalOf, callerOf } from './request-context.ts';

/** How much of what it may change in a minute a caller may change at once. */
const WRITES_AT_ONCE = 1 / 3;
const FAILED_LOGINS_PER_MINUTE = 60;

/** What each may ask for, and how often it may fail. */
export type RateLimits = {
  /** Holds each caller to so many changes. For behind `authenticate`. Answers 429. */
  writes: RequestHandler;
  /** Holds each network to so many failed logins: those beyond them are answered 429. Whoever is known always passes. */
  failedLogins: ErrorRequestHandler;
};

/** More was asked than there may be. */
export const rateLimited = (retryAfterSeconds: number): Problem =>
  new Problem('rate-limited', 'Nothing was done. Try again after as many seconds as Retry-After says.', {
    headers: { 'Retry-After': String(retryAfterSeconds) },
  });

export function rateLimits({ writesPerMinute, machine, log }: { writesPerMinute: number; machine: MachineClocks; log: Log }): RateLimits {
  const writes = meter(writesPerMinute, writesPerMinute * WRITES_AT_ONCE, machine);
  const failures = meter(FAILED_LOGINS_PER_MINUTE, FAILED_LOGINS_PER_MINUTE, machine);
  return {
    writes: (request, response, next) => {
      const changes = request.method !== 'GET' && request.method !== 'HEAD';
      if (changes && !writes.take(callerOf(response).callerId)) throw rateLimited(Math.ceil(60 / writesPerMinute));
      next();
    },
    failedLogins: (error: unknown, request, response, next) => {
      if (!isFailedLogin(error, request)) throw error;
      // No line beyond the limit: nobody fills the disk by guessing.
      if (!failures.take(networkOf(request.ip))) throw failedTooOften();
      const { requestId, address } = arrivalOf(response);
      log.warn({ requestId, address }, 'http: a login failed');
      next(error);
    },
  };
}

const meter = (perMinute: number, atOnce: number, machine: MachineClocks): Meter => new Meter({ perSecond: perMinute / 60, burst: Math.max(1, Math.floor(atOnce)) }, machine);

const failedTooOften = (): Problem => rateLimited(60 / FAILED_LOGINS_PER_MINUTE);

/** A credential was sent and is none: in the header, or in a body, which is not read of a request that is refused for its header. */
const isFailedLogin = (error: unknown, { headers, body }: Request): boolean =>
  error instanceof Problem && error.code === 'unauthenticated' && (headers.authorization !== undefined || body !== undefined);
