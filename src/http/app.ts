import express, { type Express, type RequestHandler, type Router } from 'express';
import { authenticate, type ApiKeys } from './authenticate.ts';
import { patchConfig, postCommand, type ChangeRouteDeps } from './change-routes.ts';
import { getCommand, listCommands, type CommandRouteDeps } from './command-routes.ts';
import {
  enrolFeeder,
  getConfig,
  getFeeder,
  listFeeders,
  removeFeeder,
  rotateToken,
  type FeederRouteDeps,
} from './feeder-routes.ts';
import { livez, readyz, type HealthCheck } from './health-routes.ts';
import { jsonBody } from './json-body.ts';
import { answerProblems, methodNotAllowed, notFound } from './problem-answers.ts';
import { findFeeder } from './request-context.ts';

export type AppDeps = FeederRouteDeps &
  CommandRouteDeps &
  ChangeRouteDeps & {
    apiKeys: ApiKeys;
    health: Readonly<Record<string, HealthCheck>>;
    /** An error that is the bridge's own, for the log. */
    onFault: (error: unknown) => void;
  };

type Handlers = Readonly<Partial<Record<'get' | 'post' | 'patch' | 'delete', readonly RequestHandler[]>>>;

/** One path and all it takes; other methods are answered 405. */
function route(router: Router, path: string, handlers: Handlers): void {
  const at = router.route(path);
  if (handlers.get) at.get(...handlers.get);
  if (handlers.post) at.post(...handlers.post);
  if (handlers.patch) at.patch(...handlers.patch);
  if (handlers.delete) at.delete(...handlers.delete);
  const allowed = Object.keys(handlers).map((method) => method.toUpperCase());
  at.all(methodNotAllowed(handlers.get ? ['HEAD', ...allowed] : allowed));
}

/** The REST API: every path in one place. Each route parses, calls one use case and answers. */
export function createApp(deps: AppDeps): Express {
  const feeder = findFeeder(deps.directory);
  const api = express.Router();
  api.use(authenticate(deps.apiKeys));
  route(api, '/feeders', { get: [listFeeders(deps)], post: [jsonBody(), enrolFeeder(deps)] });
  route(api, '/feeders/:feederId', { get: [feeder, getFeeder(deps)], delete: [feeder, removeFeeder(deps)] });
  route(api, '/feeders/:feederId/token', { post: [feeder, rotateToken(deps)] });
  route(api, '/feeders/:feederId/config', {
    get: [feeder, getConfig()],
    patch: [feeder, jsonBody(['application/json', 'application/merge-patch+json']), patchConfig(deps)],
  });
  route(api, '/feeders/:feederId/commands', {
    get: [feeder, listCommands(deps)],
    post: [feeder, jsonBody(), postCommand(deps)],
  });
  route(api, '/commands/:commandId', { get: [getCommand(deps)] });

  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  route(app, '/livez', { get: [livez] });
  route(app, '/readyz', { get: [readyz(deps.health)] });
  app.use('/api/v1', api);
  app.use(notFound, answerProblems(deps.onFault));
  return app;
}
