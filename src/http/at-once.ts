import type { RequestHandler } from 'express';
import { rateLimited } from './rate-limits.ts';
import { callerOf } from './request-context.ts';

/**
 * How many answers of a kind one caller may have under way, and how many more may wait for their turn: reads that look
 * through a span of time, and streams, of which a page that is open has one and a program that serves pages many.
 */
const LIMITS = { reads: { underWay: 8, waiting: 200 }, streams: { underWay: 2_000, waiting: 0 } } as const;
export type Kind = keyof typeof LIMITS;

/** Lets an operation be answered in the caller's turn; 429 where too many wait for theirs. For behind `authenticate`. */
export type AtOnce = (kind: Kind, handle: RequestHandler) => RequestHandler;

type Line = { underWay: number; readonly waiting: (() => void)[] };

/** Nobody holds up the others by asking for much at once. */
export function atOnce(): AtOnce {
  const lines: Readonly<Record<Kind, Map<string, Line>>> = { reads: new Map(), streams: new Map() };

  async function enter(kind: Kind, callerId: string): Promise<void> {
    const line = lines[kind].get(callerId) ?? { underWay: 0, waiting: [] };
    lines[kind].set(callerId, line);
    if (line.underWay < LIMITS[kind].underWay) {
      line.underWay += 1;
      return;
    }
    if (line.waiting.length >= LIMITS[kind].waiting) throw rateLimited(1);
    // Whoever leaves hands its place on.
    await new Promise<void>((resolve) => line.waiting.push(resolve));
  }

  function leave(kind: Kind, callerId: string): void {
    const line = lines[kind].get(callerId);
    if (line === undefined) return;
    const next = line.waiting.shift();
    if (next !== undefined) next();
    else if (line.underWay > 1) line.underWay -= 1;
    else lines[kind].delete(callerId);
  }

  return (kind, handle) => async (request, response, next) => {
    const { callerId } = callerOf(response);
    await enter(kind, callerId);
    try {
      // Whoever did not wait wants no answer.
      if (!response.closed) await handle(request, response, next);
    } finally {
      // Not before both are over: the database may still look for what its caller does not wait for any more.
      if (response.closed) leave(kind, callerId);
      else response.once('close', () => leave(kind, callerId));
    }
  };
}
