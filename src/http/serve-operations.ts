import type { RequestHandler, Router } from 'express';
import type { MachineClocks } from '../../machine/clocks.ts';
import { atOnce } from './at-once.ts';
import { jsonBody } from './json-body.ts';
import type { Method, Operation, Paths } from './operation.ts';
import type { OpenStreams } from './open-streams.ts';
import { methodNotAllowed } from './problem-answers.ts';
import { arrivalOf, callerOf, remember, requireRole } from './request-context.ts';

type Handlers = Readonly<Partial<Record<Method, readonly RequestHandler[]>>>;

/** One path and all it takes; other methods are answered 405. */
export function route(router: Router, path: string, handlers: Handlers): void {
  const at = router.route(path);
  if (handlers.get) at.get(...handlers.get);
  if (handlers.post) at.post(...handlers.post);
  if (handlers.patch) at.patch(...handlers.patch);
  if (handlers.delete) at.delete(...handlers.delete);
  const allowed = Object.keys(handlers).map((method) => method.toUpperCase());
  at.all(methodNotAllowed(handlers.get ? ['HEAD', ...allowed] : allowed));
}

/** Told of each answer: of which operation, with which status, and how long after the request came. */
export type OnAnswered = (operationId: string, status: number, tookMs: number) => void;

export type Serving = {
  authenticate: RequestHandler;
  findFeeder: RequestHandler;
  streams: OpenStreams;
  onAnswered: OnAnswered;
  machine: MachineClocks;
};

/** Serves each operation behind the checks that it, its path and its body ask for: first the feeder, then the caller's role, then the body. */
export function serveOperations(
  router: Router,
  paths: Paths,
  { authenticate, findFeeder, streams, onAnswered, machine }: Serving,
): void {
  const timed =
    (operationId: string): RequestHandler =>
    (_request, response, next) => {
      remember(response, { operationId });
      response.once('finish', () => onAnswered(operationId, response.statusCode, machine.monotonicMs() - arrivalOf(response).receivedMs));
      next();
    };
  /** What is read may be long, or have no end; what is changed is done, whatever becomes of the caller meanwhile. */
  const watched: RequestHandler = (request, response, next) => {
    if (request.method === 'GET') streams.watch(response, callerOf(response));
    next();
  };
  const held = atOnce();
  for (const [path, { get, post, patch, delete: remove }] of Object.entries(paths)) {
    const ofFeeder = path.includes('{feederId}') ? [findFeeder] : [];
    const chain = ({ operationId, role, atOnce: kind, body, handle }: Operation): RequestHandler[] => [
      timed(operationId),
      ...ofFeeder,
      ...(role === 'anyone' ? [] : [requireRole(role), watched]),
      ...(body ? [jsonBody(body.contentTypes)] : []),
      // A body may be a minute on its way, and whoever sends it be let in no more by then.
      ...(body && role !== 'anyone' ? [authenticate, ...ofFeeder, requireRole(role)] : []),
      kind ? held(kind, handle) : handle,
    ];
    route(router, path.replaceAll(/\{(\w+)\}/g, ':$1'), {
      ...(get && { get: chain(get) }),
      ...(post && { post: chain(post) }),
      ...(patch && { patch: chain(patch) }),
      ...(remove && { delete: chain(remove) }),
    });
  }
}
