import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { machineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { mostOpenFiles } from '../machine/open-files.ts';
import { machineTimers } from '../machine/timers.ts';
import { ChangeThresholds } from './alarms/threshold-changes.ts';
import { Broker } from './broker/broker.ts';
import { BridgeClock } from './clock.ts';
import { ChangeFeeder } from './commands/change.ts';
import { Dispatch } from './commands/dispatch.ts';
import { InFlight } from './commands/in-flight.ts';
import { logEntry } from './commands/log-entry.ts';
import { stageDurationsMs } from './commands/timeline.ts';
import { startEvents } from './events/events.ts';
import { openFrontDoor, type FrontDoor } from './front-door.ts';
import { Directory } from './feeders/directory.ts';
import { Enrolment } from './feeders/enrolment.ts';
import { Reports } from './feeders/reports.ts';
import { createApp } from './http/app.ts';
import { renderEvent, stateRenderer } from './http/event-shapes.ts';
import { plcLinkOf } from './http/shapes.ts';
import { loadIdentities } from './identities.ts';
import { Inbound } from './inbound.ts';
import { LaterWrites } from './later-writes.ts';
import type { LeaseStore } from './liveness/leases.ts';
import { MemoryLeases } from './liveness/memory-leases.ts';
import { PresenceBoard, toNotice } from './liveness/presence.ts';
import { RedisLeases } from './liveness/redis-leases.ts';
import { Sessions } from './liveness/sessions.ts';
import { Metrics } from './metrics.ts';
import { MqttRefusals } from './mqtt-refusals.ts';
import { mailer } from './notices/mail.ts';
import { restoreRetained } from './retained.ts';
import type { Settings } from './settings.ts';
import { SparingLog } from './sparing-log.ts';
import { selectClaimCodes } from './store/agent-tokens.ts';
import { openDatabase, type Database } from './store/database.ts';
import { selectFeeders, selectSites, type ReportedConfig } from './store/feeders.ts';
import { selectNewestEventId } from './store/events.ts';
import { purgeIdempotencyKeys } from './store/idempotency.ts';
import { migrate } from './store/migrate.ts';
import { postgresCommands } from './store/postgres-commands.ts';
import { keptPayload } from './store/quarantine.ts';
import { selectDatabaseTimeMs, selectNewestTimeMs } from './store/time.ts';
import { startWatch } from './watch.ts';

const MIGRATIONS = fileURLToPath(new URL('./store/migrations', import.meta.url));
const HOUR_MS = 3_600_000;
const CLOCK_CHECK_MS = 1_000;
/** How long the bridge goes on answering once it stops. */
const NOTICE_MS = 300;
/** How long an answer may take that was under way then: longer than a database that is away keeps it waiting. */
const LAST_ANSWERS_MS = 3_500;
/** How long a client has at least to take its last answer. */
const GOODBYE_MS = 500;

/** A running bridge. */
export type Bridge = Pick<FrontDoor, 'url' | 'mqttPort' | 'renewCertificate'> & {
  /** The admin key made on this start; it is told here and never again. */
  newAdminKey: string | undefined;
  /**
   * Is not ready from now on, and takes no new change; lets those under way end, for `finishWithinMs` at most; closes
   * every connection, stores what waits to be stored, and stops.
   */
  stop(finishWithinMs: number): Promise<void>;
};

/**
 * Starts a bridge. Rejects with an error that says what to do where the ports or stores cannot be had. `onFatal` is
 * called when the bridge can no longer keep its promises and must be stopped.
 */
export async function startBridge(settings: Settings, log: Log, onFatal: (reason: Error) => void): Promise<Bridge> {
  if (settings.DATABASE_URL === undefined) {
    await mkdir(settings.DATA_DIR, { recursive: true }).catch((error: unknown) => {
      throw new Error(`DATA_DIR: expected a directory that can be written: ${messageOf(error)}`, { cause: error });
    });
  }
  const db = await openDatabase({ databaseUrl: settings.DATABASE_URL, dataDir: settings.DATA_DIR, onLost: onFatal });
  try {
    await migrate(db, MIGRATIONS, (line) => log.info(line));
    const bridge = await serve(settings, log, db);
    const stop = async (finishWithinMs: number): Promise<void> => {
      await bridge.stop(finishWithinMs);
      await db.close();
    };
    return { ...bridge, stop };
  } catch (error) {
    await db.close();
    throw error;
  }
}

async function serve(settings: Settings, log: Log, db: Database): Promise<Bridge> {
  const clock = new BridgeClock(machineClocks, await selectNewestTimeMs(db));
  await clock.anchor(() => selectDatabaseTimeMs(db));
  const onProblem = (error: unknown): void => log.error({ err: error }, 'a background task failed');
  const sparingLog = new SparingLog(log, machineClocks);
  const { newAdminKey, keep, open } = await loadIdentities({ settings, db, clock, machine: machineClocks, timers: machineTimers, log });
  const rows = await selectFeeders(db);
  const newestEventId = await selectNewestEventId(db);
  const claimCodes = await selectClaimCodes(db);
  const directory = new Directory(rows, await selectSites(db));

  const broker = await Broker.start({
    authenticateFeeder: (feederId, token) => enrolment.tokens.letsIn(feederId, token),
    authenticateSiteLogin: (username, password) => identities.siteLogins.authenticate(username, password),
    isEnrolled: (feederId) => directory.find(feederId) !== undefined,
    siteOf: (feederId) => directory.siteOf(feederId),
    connected: (connection) => inbound.connected(connection),
    disconnected: (connection) => inbound.disconnected(connection),
    listening: (connection) => void dispatch.listening(connection.feederId),
    message: (connection, message) => inbound.message(connection, message),
    malformed: ({ feederId }, topic, payload, problem) => {
      refusals.malformed(feederId, topic, problem);
      later.quarantine.add({ feederId, topic, payload: keptPayload(payload), problem, receivedAtMs: clock.now() });
    },
    refused: (refusal) => refusals.refused(refusal),
    failed: (who, why) => refusals.failed(who, why),
  }, machineClocks, machineTimers, mostOpenFiles());

  // From here on all is started at once; what can fail comes last, where all is stopped again.
  const leases: LeaseStore = settings.REDIS_URL === undefined
    ? new MemoryLeases(settings.LEASE_SECONDS)
    : new RedisLeases(settings.REDIS_URL, settings.LEASE_SECONDS);
  const commands = postgresCommands(db);
  const inFlight = new InFlight(machineTimers);
  const metrics = new Metrics({
    feeders: () => directory.count,
    leases: () => presence.online().filter(({ feederId }) => sessions.find(feederId)?.unheld === false).length,
    mqttClients: () => broker.connections(),
    databaseConnections: () => db.connections(),
    commandsInFlight: () => inFlight.count,
    recordBytesQueued: () => watch.records.queuedBytes(),
    eventStreams: () => events.count(),
  });
  const events = startEvents({
    db,
    clock,
    timers: machineTimers,
    newestId: newestEventId,
    render: renderEvent,
    renderState: stateRenderer(directory, (feederId) => plcLinkOf(feederId, presence, sessions)),
    feeders: directory,
    onDropped: () => metrics.eventStreamDropped(),
    onProblem,
  });
  const refusals = new MqttRefusals({
    log: sparingLog,
    siteOf: (feederId) => directory.siteOf(feederId),
    audit: (refusal) => later.audit.refused(refusal),
    count: (why) => metrics.packetRefused(why),
  });
  const onConfig = (feederId: string, config: ReportedConfig): void => {
    directory.setConfig(feederId, config);
    events.poke();
  };

  const later = new LaterWrites({
    db,
    clock,
    timers: machineTimers,
    log,
    lastSeenAtMs: (feederId) => sessions.lastSeenAtMs(feederId),
    seenBeforeAtMs: (feederId) => directory.find(feederId)?.lastSeenAtMs ?? undefined,
    online: () => presence.online(),
    onStored: () => events.poke(),
  });

  const identities = open((siteLoginId) => broker.cutSiteLogin(siteLoginId));
  for (const row of rows) restoreRetained(broker, row);
  const presence = new PresenceBoard(rows.flatMap(({ feederId, presence: stored }) => (stored ? [{ feederId, ...stored }] : [])), {
    publish: (told) => {
      log.info({ feederId: told.feederId, presence: told.state, reason: told.reason }, 'presence');
      broker.publish(told.feederId, 'presence', toNotice(told));
    },
    store: (told) => later.presenceChanged(told),
  });
  const sessions = new Sessions({
    clock,
    bridgeId: randomUUID(),
    leaseSeconds: settings.LEASE_SECONDS,
    leases,
    presence,
    onPlcLink: (feederId) => events.state(feederId),
    reply: (feederId, reply) => broker.publish(feederId, 'heartbeat/reply', reply),
    onTakenOver: (feederId) => log.warn({ feederId }, 'a second connection took over: does another agent use its token?'),
    onLeaseProblem: (error) => log.error({ err: error }, 'the lease store did not take an update'),
  });
  const dispatch = new Dispatch({
    store: commands,
    clock,
    machine: machineClocks,
    timers: machineTimers,
    resendMs: settings.RESEND_MS,
    inFlight,
    leases,
    publish: (feederId, command, onWritten) => {
      broker.publish(feederId, 'command', command, onWritten);
      events.poke();
    },
    profileOf: (feederId) => directory.find(feederId)?.profile ?? null,
    onConfig,
    onSettled: (command, ending, journey) => {
      const stages = stageDurationsMs(journey?.timeline ?? {});
      if (ending.state === 'refused') metrics.refused('store-unavailable');
      else metrics.settled(ending.state, stages);
      log.info(logEntry(command, journey?.requestId, stages), 'command settled');
      events.poke();
    },
    onProblem,
  });
  const reports = new Reports({ db, directory, onConfig, onProblem });
  const enrolment = new Enrolment({
    db,
    commands,
    clock,
    timers: machineTimers,
    directory,
    claimCodes,
    dismiss: (feederId) => sessions.dismiss(feederId),
    forget: (feederId) => {
      leases.forget(feederId).catch(onProblem);
      sessions.forget(feederId);
      presence.forget(feederId);
      broker.clearRetained(feederId);
    },
    settlePending: (feederId) => dispatch.settlePending(feederId),
    onProblem,
  });
  const { SMTP_URL: smtpUrl, SMTP_FROM: from } = settings;
  const sendMail = smtpUrl === undefined || from === undefined ? undefined : mailer({ url: smtpUrl, from });
  const watch = startWatch({
    settings,
    db,
    clock,
    directory,
    presence,
    sessions,
    metrics,
    sendMail,
    publishReceipt: (feederId, receipt) => broker.publish(feederId, 'records/stored', receipt),
    onStored: () => events.poke(),
    log,
    sparingLog,
    onProblem,
  });
  const inbound = new Inbound({
    clock,
    sessions,
    reports,
    dispatch,
    directory,
    records: watch.records,
    onState: (feederId) => {
      events.state(feederId);
      watch.heard(feederId);
    },
    log: sparingLog,
    onProblem,
  });
  const changeFeeder = new ChangeFeeder({
    store: commands,
    clock,
    machine: machineClocks,
    timers: machineTimers,
    newId: randomUUID,
    ackTimeoutMs: settings.ACK_TIMEOUT_MS,
    leases,
    sessions,
    directory,
    heardVersion: (feederId) => reports.heardVersion(feederId),
    inFlight,
    dispatch,
    recordRefusal: (command, code, requestId) => {
      later.refusals.add(command);
      metrics.refused(code);
      log.info(logEntry(command, requestId, []), 'change refused');
    },
  });

  let isStopping = false;
  const app = createApp({
    ...identities,
    trustProxy: settings.TRUST_PROXY,
    allowedOrigins: settings.ALLOWED_ORIGINS,
    writesPerMinute: settings.WRITES_PER_MINUTE,
    allowPrivateWebhooks: settings.ALLOW_PRIVATE_WEBHOOKS,
    sendsEmail: sendMail !== undefined,
    directory,
    enrolment,
    presence,
    sessions,
    db,
    commands,
    clock,
    changeFeeder,
    changeThresholds: new ChangeThresholds({ db, clock, directory }),
    health: { database: () => selectDatabaseTimeMs(db), leases: () => leases.ping() },
    isStopping: () => isStopping,
    events,
    metrics: () => metrics.exposition(),
    onAnswered: (operation, status, tookMs) => metrics.answered(operation, status, tookMs),
    log,
    machine: machineClocks,
    onRefused: (refusal) => later.audit.refused(refusal),
    onFault: (error, requestId) => log.error({ err: error, requestId }, 'a request failed'),
  });
  const timers = [
    setInterval(() => void purgeIdempotencyKeys(db, clock.now()).catch(onProblem), HOUR_MS),
    setInterval(() => {
      if (clock.needsAnchor()) clock.anchor(() => selectDatabaseTimeMs(db)).catch(onProblem);
    }, CLOCK_CHECK_MS),
  ];

  const stop = async (finishWithinMs: number): Promise<void> => {
    const lastAnswersAtMs = machineClocks.monotonicMs() + LAST_ANSWERS_MS;
    isStopping = true;
    // Whoever asks just now is answered that it stops, and clients that keep connections are told to let them go.
    await Promise.all([events.stop(), changeFeeder.stop(finishWithinMs), delay(Math.min(NOTICE_MS, finishWithinMs))]);
    for (const timer of timers) clearInterval(timer);
    // Leases stay as they are, and no agent is told to be offline: it was not, if it is back in time.
    sessions.stop();
    const lastAnswersMs = Math.max(GOODBYE_MS, lastAnswersAtMs - machineClocks.monotonicMs());
    // The last receipts go out before the connections are closed.
    const closeMqtt = async (): Promise<void> => {
      await watch.stop();
      await door?.closeMqtt();
    };
    await Promise.all([door?.closeHttp(lastAnswersMs), closeMqtt()]);
    identities.stop();
    await broker.close();
    await Promise.all([dispatch.stop(), reports.stop()]);
    await Promise.all([later.stop(), identities.apiKeys.stop(), enrolment.tokens.stop()]);
    await leases.close();
  };
  let door: FrontDoor | undefined;
  try {
    await dispatch.takeOver();
    door = await openFrontDoor({ settings, app, broker, machine: machineClocks, timers: machineTimers, log, onProblem });
    await keep();
  } catch (error) {
    await stop(0);
    throw error;
  }
  return { ...door, newAdminKey, stop };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
