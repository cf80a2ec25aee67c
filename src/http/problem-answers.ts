import type { ErrorRequestHandler, RequestHandler } from 'express';
import { Problem } from '../errors.ts';
import { LeaseStoreUnavailable } from '../liveness/leases.ts';
import { StoreSilent, StoreUnavailable } from '../store/store-errors.ts';
import { arrivalOf } from './request-context.ts';

/** What any error is answered with; what nobody foresaw is an `internal-error` that tells nothing of the inside. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreSilent) return storeSilent();
  if (error instanceof StoreUnavailable) return storeUnavailable();
  if (error instanceof LeaseStoreUnavailable) return leaseStoreUnavailable();
  if (error instanceof URIError) return malformedPath();
  return internalError();
}

const storeUnavailable = (): Problem =>
  new Problem('store-unavailable', 'Nothing was changed. Try again in a moment.', { headers: { 'Retry-After': '2' } });
const storeSilent = (): Problem =>
  new Problem('store-unavailable', 'The database did not answer: what was to be changed may be. Look before you try again.', { headers: { 'Retry-After': '2' } });
const internalError = (): Problem => new Problem('internal-error', 'This is a fault of the bridge; its log has the details.');

/** Where leases are kept cannot be asked. */
export const leaseStoreUnavailable = (): Problem =>
  new Problem('lease-store-unavailable', 'It cannot be known whether the feeder is online, so nothing was sent. Try again in a moment.', {
    headers: { 'Retry-After': '2' },
  });

/** A path with a parameter in it that cannot be decoded. */
export const malformedPath = (): Problem => new Problem('malformed', 'Expected a path with valid percent-encoding.');

/** What is said wherever the database is asked. */
export const storeProblems = (): Problem[] => [storeUnavailable(), internalError()];

/** Answers every error as problem details (RFC 9457); tells `onFault` of those that are the bridge's own, and of which request. */
export const answerProblems =
  (onFault: (error: unknown, requestId: string) => void): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    const problem = problemFrom(error);
    if (problem.status >= 500 && !(error instanceof Problem)) onFault(error, arrivalOf(response).requestId);
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(problem.status).set(problem.extras.headers ?? {});
    response.type('application/problem+json').send(JSON.stringify(problem.toBody()));
  };

/** For what no route took. */
export const notFound: RequestHandler = () => {
  throw new Problem('not-found', 'There is nothing at this address.');
};

/** For the methods that a known path does not take. */
export const methodNotAllowed =
  (allowed: readonly string[]): RequestHandler =>
  () => {
    throw new Problem('method-not-allowed', `This address takes ${allowed.join(', ')}.`, {
      headers: { Allow: allowed.join(', ') },
    });
  };
