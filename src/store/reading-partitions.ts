import type { Queryable } from './database.ts';

/** What is kept by month (UTC), and by which time. */
const PARTITIONED = ['reading', 'reading_bucket'] as const;

/** A month as `2026-07`, UTC. */
export const monthOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 7);

/** The first moment after a month, in milliseconds since 1970. */
export function monthEndMs(month: string): number {
  const start = new Date(`${month}-01T00:00:00Z`);
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}

const partitionName = (table: string, month: string): string => `${table}_${month.replace('-', '_')}`;

/** Makes room for a month's readings, where there is none yet. */
export async function createMonth(db: Queryable, month: string): Promise<void> {
  const from = `${month}-01T00:00:00Z`;
  const to = new Date(monthEndMs(month)).toISOString();
  for (const table of PARTITIONED) {
    await db.query(
      `CREATE TABLE IF NOT EXISTS ${partitionName(table, month)} PARTITION OF ${table} FOR VALUES FROM ('${from}') TO ('${to}')`,
    );
  }
}

/** The months there is room for, oldest first. */
export async function selectMonths(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
     WHERE inhparent = 'reading'::regclass ORDER BY relname`,
  );
  return rows.map(({ name }) => name.slice('reading_'.length).replace('_', '-'));
}

/** Lets go of a month's readings and of what they come to within a day; the days are kept. */
export async function dropMonth(db: Queryable, month: string): Promise<void> {
  for (const table of PARTITIONED) await db.query(`DROP TABLE IF EXISTS ${partitionName(table, month)}`);
}
