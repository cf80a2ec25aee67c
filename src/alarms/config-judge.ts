import type { Directory } from '../feeders/directory.ts';
import { clearAlarms, selectAcknowledged } from '../store/alarms.ts';
import { selectCountedAnew, selectOrderedChanges, selectPlcReturns, type OrderedChange } from '../store/alarm-evidence.ts';
import {
  markJudged,
  selectConfigWatches,
  selectDeviating,
  selectUnjudged,
  upsertConfigWatches,
  type ConfigWatch,
  type Deviation,
} from '../store/config-watch.ts';
import type { Database } from '../store/database.ts';
import { ALARM_OF, sameAs, watchAfter } from './config-deviations.ts';

/** How many config reports are judged in one transaction. */
const MOST_AT_ONCE = 200;
/** How soon after the PLC is back a difference is its own doing: the agent reads the config at once then. */
const AFTER_RETURN_MS = 10_000;
/** How far apart a change and what is reported of it may be; and a lost memory and what is reported of that. */
const AROUND_MS = 60_000;

export type ConfigJudgeDeps = { db: Database; directory: Directory };

/**
 * Looks at every config report that nobody looked at yet, each once whatever crashes: what deviates by it is stored in the
 * transaction that marks it as judged. Tells whose reports there were.
 */
export async function judgeConfigReports({ db, directory }: ConfigJudgeDeps): Promise<Set<string>> {
  const judgedIds = new Set<string>();
  for (;;) {
    const judged = await db.transaction(async (tx) => {
      const reports = await selectUnjudged(tx, MOST_AT_ONCE);
      if (reports.length === 0) return 0;
      const feederIds = [...new Set(reports.map(({ feederId }) => feederId))];
      for (const feederId of feederIds) judgedIds.add(feederId);
      const watches = new Map((await selectConfigWatches(tx, feederIds)).map((watch) => [watch.feederId, watch]));
      const since = feederIds.map((feederId) => ({
        feederId,
        sinceMs: earliest([watches.get(feederId), ...reports.filter((report) => report.feederId === feederId)]) - AROUND_MS,
      }));
      const ordered = await selectOrderedChanges(tx, since);
      const returns = await selectPlcReturns(tx, since);
      for (const { feederId, source, values, ...report } of reports) {
        const parameters = directory.find(feederId)?.profile?.parameters ?? [];
        const known = watches.get(feederId);
        // A feeder that was removed and came back is another one, unless its agent goes on with the spool it had.
        const isOfBefore = known !== undefined && known.atMs < report.enrolledAtMs && report.spoolSinceMs >= report.enrolledAtMs;
        const before = isOfBefore ? undefined : known;
        const atMs = Math.max(report.atMs, report.enrolledAtMs);
        const wasOrdered = (parameter: string, value: boolean | number): boolean =>
          ordered.some(({ changes, ...order }) => {
            const wanted = changes[parameter];
            const isAround = order.issuedAtMs >= (before?.atMs ?? atMs) - AROUND_MS && order.issuedAtMs <= atMs + AROUND_MS;
            if (order.feederId !== feederId || !isAround || wanted === undefined) return false;
            // What a PLC made of a value that it did not take is the command's doing as well.
            return source === 'command' || sameAs(parameter, parameters)(wanted, value);
          });
        const plcWasAway = returns.some((back) => back.feederId === feederId && Math.abs(report.atMs - back.atMs) <= AFTER_RETURN_MS);
        watches.set(feederId, watchAfter(feederId, before, { atMs, values, wasOrdered, plcWasAway }, parameters));
      }
      await upsertConfigWatches(tx, [...watches.values()]);
      await markJudged(tx, reports.map(({ configChangeId }) => configChangeId));
      return reports.length;
    });
    if (judged < MOST_AT_ONCE) return judgedIds;
  }
}

const earliest = (times: readonly ({ atMs: number } | undefined)[]): number =>
  Math.min(...times.flatMap((time) => (time ? [time.atMs] : [])));

/**
 * Settles what a command has set meanwhile, and tells what deviates still. Where the PLC is found to count its meals anew,
 * it had lost its memory: then nobody changed it on its panel.
 */
export async function settleDeviations(db: Database): Promise<ConfigWatch[]> {
  const watches = await selectDeviating(db);
  const ordered = await selectOrderedChanges(db, watches.map(({ feederId, deviations }) => ({ feederId, sinceMs: earliest(deviations) })));
  const changedLast = watches.flatMap(({ feederId, deviations }) => {
    const changed = deviations.filter(({ cause }) => cause === 'panel').map(({ atMs }) => atMs);
    return changed.length === 0 ? [] : [{ feederId, sinceMs: Math.max(...changed) - AROUND_MS }];
  });
  const countedAnew = new Set(await selectCountedAnew(db, changedLast));
  const settled = watches.map((watch) => {
    const fellBackFromMs = countedAnew.has(watch.feederId)
      ? (changedLast.find(({ feederId }) => feederId === watch.feederId)?.sinceMs ?? Infinity)
      : Infinity;
    const deviations = watch.deviations
      .filter((deviation) => !isSetSince(watch.feederId, deviation, ordered))
      .map((deviation) => (deviation.atMs >= fellBackFromMs ? { ...deviation, cause: 'fallback' as const } : deviation));
    return { ...watch, deviations };
  });
  const changed = settled.filter(({ deviations }, index) => JSON.stringify(deviations) !== JSON.stringify(watches[index]?.deviations));
  if (changed.length > 0) await upsertConfigWatches(db, changed);
  return settled;
}

const isSetSince = (feederId: string, { parameter, atMs }: Deviation, ordered: readonly OrderedChange[]): boolean =>
  ordered.some((order) => order.feederId === feederId && order.isApplied && order.issuedAtMs >= atMs && parameter in order.changes);

/** Whoever acknowledges a config alarm takes the values as they are now: it is over, and what is changed after that is another. */
export async function acceptAcknowledged(db: Database, nowMs: number): Promise<void> {
  const acknowledged = await selectAcknowledged(db, 'bridge', Object.values(ALARM_OF));
  if (acknowledged.length === 0) return;
  await db.transaction(async (tx) => {
    const watches = await selectConfigWatches(tx, [...new Set(acknowledged.map(({ feederId }) => feederId))]);
    const isAccepted = (feederId: string, { cause }: Deviation): boolean =>
      acknowledged.some((alarm) => alarm.feederId === feederId && alarm.name === ALARM_OF[cause]);
    await upsertConfigWatches(tx, watches.map((watch) => ({
      ...watch,
      deviations: watch.deviations.filter((deviation) => !isAccepted(watch.feederId, deviation)),
    })));
    await clearAlarms(tx, acknowledged.map((alarm) => ({ ...alarm, clearedAtMs: nowMs })));
  });
}
