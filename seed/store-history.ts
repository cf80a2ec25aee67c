import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryRecord } from '../topics/payloads.ts';
import { lookInto } from '../src/records/received-batch.ts';
import { storeBatches } from '../src/records/store-batches.ts';
import { SEVERITIES } from '../src/alarm-names.ts';
import { acknowledgeAlarm, clearAlarms, raiseAlarms, selectAlarms } from '../src/store/alarms.ts';
import type { Database } from '../src/store/database.ts';
import { mergeReport, updatePresence } from '../src/store/feeders.ts';
import { postgresCommands } from '../src/store/postgres-commands.ts';
import { insertPresenceChanges } from '../src/store/presence-changes.ts';
import { StoreUnavailable } from '../src/store/store-errors.ts';
import { acknowledgedAtMs, bridgeAlarmOf, openAgentLost, type BridgeAlarm } from './bridge-alarms.ts';
import { spoolIdOf, type SeededFeeder } from './feeder.ts';
import type { FeederLife } from './feeder-life.ts';
import { COMMAND_MS, planOf, type Plan } from './plan.ts';
import { presenceOf } from './presence.ts';
import { seededRecords } from './records.ts';

/** How many records go in one transaction. */
const BATCH_RECORDS = 4_000;
/** How often and how soon a batch is tried again. */
const TRIES = 10;
const PAUSE_MS = 1_000;
const ANSWER_WITHIN_MS = 10_000;
/** More than there are in many years. */
const ALL_ALARMS = 100_000;

/**
 * Stores all that happened to a feeder, which is enrolled, and tells how it is in the end. What is stored already stays as it
 * is, so that what was broken off can be done again.
 */
export async function storeHistory(db: Database, feeder: SeededFeeder, nowMs: number, onStored: (records: number) => void): Promise<FeederLife> {
  const plan = planOf(feeder);
  await storeCommands(db, feeder, plan);
  const life = await storeRecords(db, feeder, plan, nowMs, onStored);
  await storeAlarms(db, feeder, plan, nowMs);
  const presence = presenceOf(feeder, plan.incidents);
  await insertPresenceChanges(db, presence);
  await updatePresence(db, presence.slice(-1).map((last) => ({ ...last, lastSeenAtMs: Math.min(last.atMs, feeder.toMs) })));
  return life;
}

/** Through the same door as what agents send: rollups, meal counters and PLC alarms come of it. */
async function storeRecords(db: Database, feeder: SeededFeeder, plan: Plan, nowMs: number, onStored: (records: number) => void): Promise<FeederLife> {
  const store = async (records: HistoryRecord[]): Promise<void> => {
    const batch = lookInto(feeder, { spoolId: spoolIdOf(feeder), records }, { nowMs, oldestReadingMs: -Infinity, mayName: () => true });
    const { storedCount } = await untilAnswered(() => storeBatches(db, [batch], nowMs));
    onStored(storedCount);
  };
  const records = seededRecords(feeder, plan);
  const batch: HistoryRecord[] = [];
  for (;;) {
    const { done, value } = records.next();
    if (done) {
      await store(batch);
      return value;
    }
    batch.push(value);
    if (batch.length === BATCH_RECORDS) await store(batch.splice(0));
  }
}

/** Does again what a busy store did not answer in time: nothing is stored twice. */
async function untilAnswered<T>(store: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await store();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || left === 1) throw error;
      await delay(PAUSE_MS);
    }
  }
}

/** The config as it was first reported, and every command with what came of it. */
async function storeCommands(db: Database, { feederId, fromMs }: SeededFeeder, { config, orders }: Plan): Promise<void> {
  const commands = postgresCommands(db);
  await mergeReport(db, feederId, { values: config, agentVersion: 0, readAtMs: fromMs, source: 'start' });
  const held = new Map(Object.entries(config));
  for (const { commandId, order, issuedAtMs, issuedBy } of orders) {
    const changes = order.kind === 'set-config' ? order.changes : {};
    const previous = Object.fromEntries([...held].filter(([name]) => name in changes));
    for (const [name, value] of Object.entries(changes)) held.set(name, value);
    const isStored = (await commands.find(commandId)) !== undefined;
    const expiresAtMs = issuedAtMs + ANSWER_WITHIN_MS;
    const about = { journalId: null, traceparent: null, heardVersion: 0, ifMatch: undefined, idempotency: undefined };
    const author = { kind: 'key' as const, id: null, name: issuedBy, address: null, requestId: null };
    const action = order.kind === 'set-config' ? 'changeConfig' : 'sendCommand';
    if (!isStored) await commands.insert({ commandId, feederId, order, author, action, issuedAtMs, expiresAtMs, ...about });
    const atMs = issuedAtMs + COMMAND_MS;
    await commands.settle({ commandId, feederId }, { state: 'applied', endedAtMs: atMs, readAtMs: atMs, readBack: changes, previous, reason: null });
  }
}

/** The alarms that the bridge raises by itself; and who said of which, the PLC's own included, to have seen it. */
async function storeAlarms(db: Database, { feederId, fromMs, toMs, isLost }: SeededFeeder, { incidents }: Plan, nowMs: number): Promise<void> {
  const known = await selectAlarms(db, feederId, { fromMs, toMs: nowMs, state: undefined }, ALL_ALARMS, undefined);
  const isKnown = (alarm: Pick<BridgeAlarm, 'name' | 'raisedAtMs'>): boolean =>
    known.some(({ name, raisedAtMs }) => name === alarm.name && raisedAtMs === alarm.raisedAtMs);
  for (const incident of incidents) {
    const alarm = bridgeAlarmOf(incident);
    if (alarm === undefined || isKnown(alarm)) continue;
    const about = { ...alarm, feederId, origin: 'bridge' as const, severity: SEVERITIES[alarm.name] };
    await db.transaction(async (tx) => {
      await raiseAlarms(tx, [about]);
      await clearAlarms(tx, [about]);
    });
  }
  const lost = isLost ? openAgentLost(toMs) : undefined;
  if (lost && lost.raisedAtMs < nowMs && !isKnown(lost)) await raiseAlarms(db, [{ ...lost, feederId, origin: 'bridge', severity: SEVERITIES[lost.name] }]);
  for (const { alarmId, raisedAtMs, clearedAtMs } of await selectAlarms(db, feederId, { fromMs, toMs, state: undefined }, ALL_ALARMS, undefined)) {
    const atMs = clearedAtMs === null ? undefined : acknowledgedAtMs({ raisedAtMs, clearedAtMs });
    if (atMs !== undefined) await acknowledgeAlarm(db, { feederId, alarmId }, { by: 'farm-office', atMs });
  }
}
