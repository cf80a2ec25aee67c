import { machineClocks } from '../machine/clocks.ts';
import type { Log } from '../machine/log.ts';
import { machineTimers } from '../machine/timers.ts';
import { startAlarms } from './alarms/alarms.ts';
import type { BridgeClock } from './clock.ts';
import type { Directory } from './feeders/directory.ts';
import { alarmShape } from './http/history-shapes.ts';
import type { PresenceBoard } from './liveness/presence.ts';
import type { Sessions } from './liveness/sessions.ts';
import type { Metrics } from './metrics.ts';
import { Notices } from './notices/notices.ts';
import type { SendMail } from './notices/mail.ts';
import { startRecords, type Records } from './records/records.ts';
import type { RecordReceipt } from '../topics/payloads.ts';
import type { Settings } from './settings.ts';
import type { SparingLog } from './sparing-log.ts';
import type { Database } from './store/database.ts';

export type WatchDeps = {
  settings: Settings;
  db: Database;
  clock: BridgeClock;
  directory: Directory;
  presence: PresenceBoard;
  sessions: Sessions;
  metrics: Metrics;
  sendMail: SendMail | undefined;
  publishReceipt: (feederId: string, receipt: RecordReceipt) => void;
  /** Something was stored that events tell of. */
  onStored: () => void;
  log: Log;
  sparingLog: SparingLog;
  onProblem: (error: unknown) => void;
};

/** What keeps an eye on the feeders. */
export type Watch = {
  records: Records;
  /** A feeder told its latest readings. */
  heard: (feederId: string) => void;
  stop: () => Promise<void>;
};

/** Begins to store what agents record, to look for alarms in it, and to tell whoever must know. */
export function startWatch(deps: WatchDeps): Watch {
  const { settings, db, clock, directory, presence, sessions, metrics, onStored, log, sparingLog, onProblem } = deps;
  const alarms = startAlarms({
    db,
    clock,
    timers: machineTimers,
    directory,
    presence,
    sessions,
    retentionDays: settings.RETENTION_DAYS,
    onJudged: onStored,
    onProblem,
  });
  const records = startRecords({
    db,
    clock,
    machine: machineClocks,
    isEmbedded: settings.DATABASE_URL === undefined,
    retentionDays: settings.RETENTION_DAYS,
    findFeeder: (feederId) => directory.find(feederId),
    publishReceipt: deps.publishReceipt,
    onStored: ({ storedCount, quarantined }) => {
      metrics.recordsStored(storedCount, quarantined.length);
      for (const { feederId, problem, records } of summed(quarantined)) {
        sparingLog.warn(feederId, { feederId, problem, records }, 'records could not be stored and are kept in quarantine');
      }
      onStored();
      alarms.reported();
    },
    onTurnedAway: (feederId) => {
      metrics.recordBatchTurnedAway();
      sparingLog.warn(feederId, { feederId }, 'a batch of records found no room; its agent sends it again');
    },
    onProblem,
  });
  const notices = new Notices({
    db,
    clock,
    timers: machineTimers,
    chance: Math.random,
    shownAlarm: alarmShape,
    sendMail: deps.sendMail,
    mayBePrivate: settings.ALLOW_PRIVATE_WEBHOOKS,
    onFailed: ({ noticeId, attempts, to: { kind } }, result, isGivenUp) =>
      log.warn({ noticeId, kind, attempts, result }, isGivenUp ? 'a notice was given up' : 'a notice was not delivered'),
    onProblem,
  });
  return {
    records,
    heard: (feederId) => alarms.heard(feederId),
    stop: async () => {
      await Promise.all([alarms.stop(), notices.stop()]);
      await records.stop();
    },
  };
}

/** How many records each feeder has in quarantine of these, and what is wrong with its first. */
function summed(quarantined: readonly { feederId: string; problem: string }[]): Iterable<{ feederId: string; problem: string; records: number }> {
  const feeders = new Map<string, { feederId: string; problem: string; records: number }>();
  for (const { feederId, problem } of quarantined) {
    const before = feeders.get(feederId);
    if (before === undefined) feeders.set(feederId, { feederId, problem, records: 1 });
    else before.records += 1;
  }
  return feeders.values();
}
