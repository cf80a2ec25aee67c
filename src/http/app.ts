import express, { type Express, type RequestHandler } from 'express';
import type { MachineClocks } from '../../machine/clocks.ts';
import type { Log } from '../../machine/log.ts';
import type { Refusal } from '../access/audit.ts';
import { Problem } from '../errors.ts';
import type { TrustProxy } from '../trusted-proxies.ts';
import { claimFeeder, makeClaimCode, rotateToken, type AgentTokenRouteDeps } from './agent-token-routes.ts';
import { listAlarms, postAcknowledgement, type AlarmRouteDeps } from './alarm-routes.ts';
import { getAlarmThresholds, patchAlarmThresholds, type AlarmThresholdRouteDeps } from './alarm-threshold-routes.ts';
import { listAudit, type AuditRouteDeps } from './audit-routes.ts';
import { authenticate, type Authenticate } from './authenticate.ts';
import { BUILT_CONSOLE, serveConsole } from './console-routes.ts';
import { patchConfig, postCommand, type ChangeRouteDeps } from './change-routes.ts';
import { getCommand, listCommands, type CommandRouteDeps } from './command-routes.ts';
import { listEmailContacts, makeEmailContact, removeEmailContact, type EmailContactRouteDeps } from './email-contact-routes.ts';
import {
  enrolFeeder,
  getConfig,
  getFeeder,
  listFeeders,
  removeFeeder,
  type FeederRouteDeps,
} from './feeder-routes.ts';
import { livez, metrics, readyz, type HealthCheck } from './health-routes.ts';
import { listKeys, makeKey, revokeKey, type KeyRouteDeps } from './key-routes.ts';
import { getMe } from './me-route.ts';
import { listMeals, type MealRouteDeps } from './meal-routes.ts';
import { getOverview, listOverviews, type OverviewRouteDeps } from './overview-routes.ts';
import { listPresence, type PresenceRouteDeps } from './presence-routes.ts';
import { getReadings, type ReadingRouteDeps } from './reading-routes.ts';
import { followEvents, type EventRouteDeps } from './event-routes.ts';
import { openApi, serveDocs } from './docs-routes.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { getSignInWays, startOidcAuthorization } from './oidc-routes.ts';
import { openApiDocument } from './openapi-document.ts';
import type { OpenStreams } from './open-streams.ts';
import type { Operation, Paths } from './operation.ts';
import { protect } from './protective-headers.ts';
import { rateLimits } from './rate-limits.ts';
import { refusedAttempts } from './refused-attempts.ts';
import { requestLog } from './request-log.ts';
import { answerProblems, notFound } from './problem-answers.ts';
import { findFeeder } from './request-context.ts';
import { route, serveOperations, type OnAnswered } from './serve-operations.ts';
import { shareWith } from './share-with-origins.ts';
import { endSignIn, makeSignInCode, signIn, type SignInRouteDeps } from './sign-in-routes.ts';
import { listSiteLogins, makeSiteLogin, removeSiteLogin, type SiteLoginRouteDeps } from './site-login-routes.ts';
import { listDeliveries, listWebhooks, makeWebhook, removeWebhook, type WebhookRouteDeps } from './webhook-routes.ts';

export type AppDeps = FeederRouteDeps &
  AgentTokenRouteDeps &
  CommandRouteDeps &
  ChangeRouteDeps &
  EventRouteDeps &
  ReadingRouteDeps &
  MealRouteDeps &
  AlarmRouteDeps &
  AlarmThresholdRouteDeps &
  PresenceRouteDeps &
  OverviewRouteDeps &
  SiteLoginRouteDeps &
  KeyRouteDeps &
  SignInRouteDeps &
  AuditRouteDeps &
  WebhookRouteDeps &
  EmailContactRouteDeps & {
    authenticate: Authenticate;
    streams: OpenStreams;
    /** Proxies whose word for where a request comes from is taken. */
    trustProxy: TrustProxy | undefined;
    /** Web origins whose pages may use the API. */
    allowedOrigins: readonly string[];
    health: Readonly<Record<string, HealthCheck>>;
    /** Whether the bridge is on its way out: it is not ready then, and keeps no connection open. */
    isStopping: () => boolean;
    metrics: () => Promise<{ contentType: string; text: string }>;
    onAnswered: OnAnswered;
    /** How much one caller may change. */
    writesPerMinute: number;
    log: Log;
    machine: MachineClocks;
    /** Told of what somebody tried and may not do, or could not. */
    onRefused: (refusal: Refusal) => void;
    /** An error that is the bridge's own, for the log. */
    onFault: (error: unknown, requestId: string) => void;
  };

/** Lets no client keep its connection once the bridge stops. */
const closeWhile =
  (isStopping: () => boolean): RequestHandler =>
  (_request, response, next) => {
    if (isStopping()) response.set('Connection', 'close');
    next();
  };

/** Whoever else reads a request with two hosts may go by the other one (RFC 9112, 3.2). */
const oneHost: RequestHandler = (request, _response, next) => {
  if ((request.headersDistinct['host']?.length ?? 0) > 1) throw new Problem('malformed', 'Host: expected it once.');
  next();
};

/** The paths of which each operation is for these roles; none is for anyone by one method and not by another. */
const pathsFor = (paths: Paths, isMeant: (role: Operation['role']) => boolean): Paths =>
  Object.fromEntries(Object.entries(paths).filter(([, operations]) => Object.values(operations).every(({ role }) => isMeant(role))));

/** A path is what the document says, letter by letter: whatever filters requests in front of the bridge goes by that too. */
const ONE_SPELLING = { caseSensitive: true, strict: true };

/** The REST API: every path in one place. Each route parses, calls one use case and answers. */
export function createApp(deps: AppDeps): Express {
  const paths: Paths = {
    '/feeders': { get: listFeeders(deps), post: enrolFeeder(deps) },
    '/feeders/{feederId}': { get: getFeeder(deps), delete: removeFeeder(deps) },
    '/overview': { get: listOverviews(deps) },
    '/feeders/{feederId}/overview': { get: getOverview(deps) },
    '/feeders/{feederId}/token': { post: rotateToken(deps) },
    '/feeders/{feederId}/claim-code': { post: makeClaimCode(deps) },
    '/claims': { post: claimFeeder(deps) },
    '/feeders/{feederId}/config': { get: getConfig(), patch: patchConfig(deps) },
    '/feeders/{feederId}/commands': { get: listCommands(deps), post: postCommand(deps) },
    '/events': { get: followEvents(deps) },
    '/commands/{commandId}': { get: getCommand(deps) },
    '/feeders/{feederId}/readings': { get: getReadings(deps) },
    '/feeders/{feederId}/meals': { get: listMeals(deps) },
    '/feeders/{feederId}/presence': { get: listPresence(deps) },
    '/feeders/{feederId}/alarms': { get: listAlarms(deps) },
    '/feeders/{feederId}/alarm-thresholds': { get: getAlarmThresholds(), patch: patchAlarmThresholds(deps) },
    '/feeders/{feederId}/alarms/{alarmId}/acknowledge': { post: postAcknowledgement(deps) },
    '/webhooks': { get: listWebhooks(deps), post: makeWebhook(deps) },
    '/webhooks/{webhookId}': { delete: removeWebhook(deps) },
    '/webhooks/{webhookId}/deliveries': { get: listDeliveries(deps) },
    '/email-contacts': { get: listEmailContacts(deps), post: makeEmailContact(deps) },
    '/email-contacts/{emailContactId}': { delete: removeEmailContact(deps) },
    '/audit': { get: listAudit(deps) },
    '/keys': { get: listKeys(deps), post: makeKey(deps) },
    '/keys/{apiKeyId}': { delete: revokeKey(deps) },
    '/me': { get: getMe() },
    '/sign-in-codes': { post: makeSignInCode(deps) },
    '/sign-ins': { post: signIn(deps) },
    '/sign-ins/own': { delete: endSignIn(deps) },
    '/sign-in-ways': { get: getSignInWays(deps) },
    '/oidc-authorizations': { post: startOidcAuthorization(deps) },
    '/site-logins': { get: listSiteLogins(deps), post: makeSiteLogin(deps) },
    '/site-logins/{siteLoginId}': { delete: removeSiteLogin(deps) },
  };
  const limits = rateLimits(deps);
  const serving = { ...deps, authenticate: authenticate(deps.authenticate), findFeeder: findFeeder(deps.directory) };
  const open = express.Router(ONE_SPELLING);
  serveOperations(open, pathsFor(paths, (role) => role === 'anyone'), serving);
  const api = express.Router(ONE_SPELLING);
  api.use(serving.authenticate, limits.writes);
  serveOperations(api, pathsFor(paths, (role) => role !== 'anyone'), serving);

  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.set('etag', false);
  app.set('trust proxy', deps.trustProxy ?? false);
  app.set('query parser', 'simple');
  app.use(oneAtATime(), requestLog(deps.log, deps.machine), closeWhile(deps.isStopping), protect(), oneHost);
  route(app, '/livez', { get: [livez] });
  route(app, '/readyz', { get: [readyz(deps.health, deps.isStopping)] });
  route(app, '/metrics', { get: [metrics(deps.metrics)] });
  app.use(['/api/v1', '/openapi.json'], shareWith(deps.allowedOrigins));
  route(app, '/openapi.json', { get: [openApi(openApiDocument(paths))] });
  serveDocs(app);
  serveConsole(app, BUILT_CONSOLE, deps.log);
  app.use('/api/v1', open, api, limits.failedLogins);
  app.use(notFound, refusedAttempts(deps.onRefused), answerProblems(deps.onFault));
  return app;
}
