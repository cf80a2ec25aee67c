import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { createMonth, selectMonths } from '../src/store/reading-partitions.ts';
import { enrol } from './rest.ts';
import type { Stores } from './stores.ts';
import { startRealBridge, type Bench } from './systems.ts';

/** Records stored by the bridge and rows by COPY, each a second. */
export type RecordFigures = {
  perSecond: number;
  /** The same readings copied into an empty table like theirs; undefined where there is no psql, or no server. */
  copied: { rows: number; perSecond: number } | undefined;
};

const FEEDERS = 20;
/** Of each feeder; more than are sent in the time that is measured. */
const DAYS = 30;
const WARM_UP_SECONDS = 5;
const MIGRATIONS = fileURLToPath(new URL('../src/store/migrations', import.meta.url));
const Sent = z.object({ records: z.int(), elapsedMs: z.number() });

const run = promisify(execFile);

/** A backlog of records sent by agents as fast as the bridge stores them, against COPY of the same readings by psql. */
export async function storeRecords(bench: Bench, stores: Stores, seconds: number): Promise<RecordFigures> {
  const store = await stores.fresh('records');
  const bridge = await startRealBridge(bench, 'records-bridge', store);
  const feeders = await enrol(bridge, 'spool', FEEDERS);
  const orders = { url: bridge.webSocketUrl, feeders, days: DAYS, warmUpSeconds: WARM_UP_SECONDS, seconds };
  const senders = bench.programs.start({ name: 'record-senders', file: 'bench/record-senders.ts', orders });
  const { records, elapsedMs } = Sent.parse(JSON.parse(await senders.printed(/^\{.*\}$/)));
  await senders.stop();
  await bridge.program.stop();
  await stores.clearLeases();
  const psql = findPsql();
  const copied = store.databaseUrl === undefined || psql === undefined ? undefined : await copyReadings(psql, bench, store.databaseUrl, stores);
  return { perSecond: records / (elapsedMs / 1000), copied };
}

/** Copies the readings that were stored into a database that has the same tables. */
async function copyReadings(psql: string, bench: Bench, fromUrl: string, stores: Stores): Promise<RecordFigures['copied']> {
  const floor = await stores.fresh('copied');
  const from = await openDatabase({ databaseUrl: fromUrl, dataDir: bench.folder, onLost: fail });
  const to = await openDatabase({ databaseUrl: floor.databaseUrl, dataDir: bench.folder, onLost: fail });
  try {
    await migrate(to, MIGRATIONS, () => undefined);
    for (const month of await selectMonths(from)) await createMonth(to, month);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  const file = join(bench.folder, 'readings.copy');
  await run(psql, ['-d', fromUrl, '-c', `\\copy (SELECT * FROM reading) TO '${file}'`]);
  const startedAtMs = performance.now();
  const { stdout } = await run(psql, ['-d', floor.databaseUrl ?? '', '-c', `\\copy reading FROM '${file}'`]);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const rows = Number(/^COPY (\d+)/.exec(stdout)?.[1]);
  return { rows, perSecond: rows / seconds };
}

const fail = (reason: Error): never => {
  throw reason;
};

/** Postgres's own client: on the path, or where Debian keeps it. */
function findPsql(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(process.env['PATH'] ?? '').split(':'),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
  ];
  return folders.map((folder) => join(folder, 'psql')).find((path) => existsSync(path));
}
