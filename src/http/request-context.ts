import type { RequestHandler, Response } from 'express';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import type { ApiKeyRow } from '../store/api-keys.ts';

/** Who is asking: the key's name is what `issuedBy` shows. */
export type Caller = Pick<ApiKeyRow, 'name' | 'role'>;

/** The id of a request, and when it came, in milliseconds on the monotonic clock. */
export type Arrival = { requestId: string; receivedMs: number };

/** What the handlers before a route found out about a request. */
type Context = { arrival?: Arrival; caller?: Caller; feeder?: Feeder };

const contexts = new WeakMap<Response, Context>();

/** Adds to what is known about the request that `response` answers. */
export function remember(response: Response, context: Context): void {
  contexts.set(response, { ...contexts.get(response), ...context });
}

/** Which request it is, and when it came. For routes behind `requestLog`. */
export function arrivalOf(response: Response): Arrival {
  const arrival = contexts.get(response)?.arrival;
  if (arrival === undefined) throw new Error('expected requestLog before this route');
  return arrival;
}

/** Who asks. For routes behind `authenticate`. */
export function callerOf(response: Response): Caller {
  const caller = contexts.get(response)?.caller;
  if (caller === undefined) throw new Error('expected authenticate before this route');
  return caller;
}

/** Which feeder is meant. For routes behind `findFeeder`. */
export function feederOf(response: Response): Feeder {
  const feeder = contexts.get(response)?.feeder;
  if (feeder === undefined) throw new Error('expected findFeeder before this route');
  return feeder;
}

/** The path names a feeder that is not enrolled. */
export const noSuchFeeder = (): Problem => new Problem('not-found', 'There is no feeder with this id.');

/** Finds the feeder that the path names. Answers 404. */
export const findFeeder =
  (directory: Directory): RequestHandler =>
  (request, response, next) => {
    const feeder = directory.find(String(request.params['feederId']));
    if (feeder === undefined) throw noSuchFeeder();
    remember(response, { feeder });
    next();
  };
