import type { RequestHandler, Response } from 'express';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import type { ApiKeyRow } from '../store/api-keys.ts';

/** Who is asking: the key's name is what `issuedBy` shows. */
export type Caller = Pick<ApiKeyRow, 'name' | 'role'>;

/** What the handlers before a route found out about a request. */
type Context = { caller?: Caller; feeder?: Feeder };

const contexts = new WeakMap<Response, Context>();

/** Adds to what is known about the request that `response` answers. */
export function remember(response: Response, context: Context): void {
  contexts.set(response, { ...contexts.get(response), ...context });
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

/** Finds the feeder that the path names. Answers 404. */
export const findFeeder =
  (directory: Directory): RequestHandler =>
  (request, response, next) => {
    const feeder = directory.find(String(request.params['feederId']));
    if (feeder === undefined) throw new Problem('not-found', 'There is no feeder with this id.');
    remember(response, { feeder });
    next();
  };
