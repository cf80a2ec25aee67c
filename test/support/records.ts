import { machineClocks } from '../../machine/clocks.ts';
import type { RecordReceipt } from '../../topics/payloads.ts';
import { BridgeClock } from '../../src/clock.ts';
import { startRecords, type Records } from '../../src/records/records.ts';
import { openDatabase, type Database } from '../../src/store/database.ts';
import { insertFeeder } from '../../src/store/feeders.ts';
import { migrate } from '../../src/store/migrate.ts';
import { eventually } from './bridge.ts';
import { MIGRATIONS } from './migrations.ts';
import { freshDatabase } from './postgres.ts';

/** The bridge's intake of records on a store of its own, and what it told. */
export type RecordStore = {
  db: Database;
  records: Records;
  /** Every receipt so far. */
  receipts: (RecordReceipt & { feederId: string })[];
  problems: unknown[];
  turnedAway: string[];
  enrol(feederId: string, timeZone?: string): Promise<void>;
  /** From now on its records are those of a feeder nobody knows. */
  remove(feederId: string): void;
  /** Hands a batch in; resolves with its receipt. */
  send(feederId: string, spoolId: string, records: readonly unknown[]): Promise<RecordReceipt>;
  /** Resolves when nothing waits to be stored. */
  idle(): Promise<void>;
  dispose(): Promise<void>;
};

export type RecordStoreOptions = { retentionDays?: number; databaseUrl?: string };

export async function openRecordStore({ retentionDays = 400, databaseUrl }: RecordStoreOptions = {}): Promise<RecordStore> {
  const fresh = databaseUrl === undefined ? await freshDatabase() : { databaseUrl, dataDir: 'unused', dispose: () => Promise.resolve() };
  const lost = (reason: Error): void => {
    throw reason;
  };
  const db = await openDatabase({ databaseUrl: fresh.databaseUrl, dataDir: fresh.dataDir, onLost: lost });
  await migrate(db, MIGRATIONS, () => undefined);
  const zones = new Map<string, string>();
  const receipts: RecordStore['receipts'] = [];
  const problems: unknown[] = [];
  const turnedAway: string[] = [];
  const records = startRecords({
    db,
    clock: new BridgeClock(machineClocks),
    machine: machineClocks,
    isEmbedded: fresh.databaseUrl === undefined,
    retentionDays,
    findFeeder: (feederId) => {
      const timeZone = zones.get(feederId);
      return timeZone === undefined ? undefined : { feederId, timeZone };
    },
    publishReceipt: (feederId, receipt) => receipts.push({ feederId, ...receipt }),
    onStored: () => undefined,
    onTurnedAway: (feederId) => turnedAway.push(feederId),
    onProblem: (error) => problems.push(error),
  });
  return {
    db,
    records,
    receipts,
    problems,
    turnedAway,
    enrol: async (feederId, timeZone = 'Europe/Oslo') => {
      await insertFeeder(db, { feederId, name: feederId, site: 'farm', timeZone, tokenSha256: Buffer.alloc(32), enrolledAtMs: 0 });
      zones.set(feederId, timeZone);
    },
    remove: (feederId) => zones.delete(feederId),
    send: async (feederId, spoolId, batch) => {
      const told = receipts.length;
      records.receive(feederId, { spoolId, records: [...batch] });
      return eventually(() => receipts.slice(told).findLast((receipt) => receipt.feederId === feederId && receipt.spoolId === spoolId));
    },
    idle: () => eventually(() => (records.queuedBytes() === 0 ? true : undefined)).then(() => undefined),
    dispose: async () => {
      await records.stop();
      await db.close();
      await fresh.dispose();
    },
  };
}
