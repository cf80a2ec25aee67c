import type { RequestHandler } from 'express';
import { rateLimited } from './rate-limits.ts';
import { callerOf } from './request-context.ts';

/** How many answers of a kind one caller may have under way: reads that look through a span of time, and streams. */
const MOST_AT_ONCE = { reads: 8, streams: 100 } as const;
export type Kind = keyof typeof MOST_AT_ONCE;

/** Lets an operation be answered while the caller has not yet as many of its kind under way. Else answers 429. For behind `authenticate`. */
export type AtOnce = (kind: Kind, handle: RequestHandler) => RequestHandler;

/** Nobody holds up the others by asking for much at once. */
export function atOnce(): AtOnce {
  const underWay: Readonly<Record<Kind, Map<string, number>>> = { reads: new Map(), streams: new Map() };
  return (kind, handle) => async (request, response, next) => {
    const counts = underWay[kind];
    const { callerId } = callerOf(response);
    const before = counts.get(callerId) ?? 0;
    if (before >= MOST_AT_ONCE[kind]) throw rateLimited(1);
    counts.set(callerId, before + 1);
    const leave = (): void => {
      const left = (counts.get(callerId) ?? 0) - 1;
      if (left > 0) counts.set(callerId, left);
      else counts.delete(callerId);
    };
    try {
      await handle(request, response, next);
    } finally {
      // Not before both are over: the database may still look for what its caller does not wait for any more.
      if (response.closed) leave();
      else response.once('close', leave);
    }
  };
}
