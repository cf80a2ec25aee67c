import type { RequestHandler, Response } from 'express';
import { hasRole, seesSite, type Caller, type Role } from '../access/caller.ts';
import { Problem } from '../errors.ts';
import type { Directory, Feeder } from '../feeders/directory.ts';
import type { Author } from '../store/audit.ts';

/** The id of a request, where it came from, and when, in milliseconds on the monotonic clock. */
export type Arrival = { requestId: string; address: string | null; receivedMs: number };

/** What the handlers before a route found out about a request. */
type Context = {
  arrival?: Arrival;
  operationId?: string;
  caller?: Caller;
  feeder?: Feeder;
  /** It asks for this feeder, which is none of the caller's sites. */
  foreignFeeder?: string;
};

const contexts = new WeakMap<object, Context>();

/** Adds to what is known about the request that `response` answers. */
export function remember(response: Response, context: Context): void {
  contexts.set(response, { ...contexts.get(response), ...context });
}

/** What is known of what was tried, whatever came of it. */
export const attemptOf = (response: object): Readonly<Context> => contexts.get(response) ?? {};

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

/** Who asks and from where, for the audit. */
export function authorOf(response: Response): Author {
  const { arrival, caller } = contexts.get(response) ?? {};
  return {
    kind: caller?.kind ?? 'nobody',
    id: caller?.callerId ?? null,
    name: caller?.name ?? null,
    address: arrival?.address ?? null,
    requestId: arrival?.requestId ?? null,
  };
}

/** The caller may not do what it asks. */
export const forbidden = (needed: Role): Problem => new Problem('forbidden', `This takes the role ${needed}. Ask an admin for a key that has it.`);

/** Lets only callers pass that have a role. Answers 403. For behind `authenticate`. */
export const requireRole =
  (needed: Role): RequestHandler =>
  (_request, response, next) => {
    if (!hasRole(callerOf(response), needed)) throw forbidden(needed);
    next();
  };

/** Which feeder is meant. For routes behind `findFeeder`. */
export function feederOf(response: Response): Feeder {
  const feeder = contexts.get(response)?.feeder;
  if (feeder === undefined) throw new Error('expected findFeeder before this route');
  return feeder;
}

/** The path names a feeder that is not enrolled, or none that the caller may know of: nobody can tell which. */
export const noSuchFeeder = (): Problem => new Problem('not-found', 'There is no feeder with this id.');

/** Finds the feeder that the path names, among those of the caller's sites. Answers 404. */
export const findFeeder =
  (directory: Directory): RequestHandler =>
  (request, response, next) => {
    const feeder = directory.find(String(request.params['feederId']));
    if (feeder === undefined) throw noSuchFeeder();
    if (!seesSite(callerOf(response), feeder.site)) {
      remember(response, { foreignFeeder: feeder.feederId });
      throw noSuchFeeder();
    }
    remember(response, { feeder });
    next();
  };
