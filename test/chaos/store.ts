import pg from 'pg';
import { z } from 'zod';
import { CommandKind, Outcome } from '../../topics/commands.ts';
import { Values } from '../../topics/parameters.ts';

/** A command as it stands in Postgres. */
const StoredCommand = z.object({
  commandId: z.string(),
  feederId: z.string(),
  kind: CommandKind,
  state: z.enum([...Outcome.options, 'sent', 'refused']),
  version: z.int().nullable(),
  changes: Values.nullable(),
  grams: z.number().nullable(),
  readBack: Values.nullable(),
  reason: z.object({ code: z.string() }).nullable(),
  journalId: z.string().nullable(),
  issuedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
});
export type StoredCommand = z.infer<typeof StoredCommand>;

/** Every command there is, oldest first. */
export async function allCommands(databaseUrl: string): Promise<StoredCommand[]> {
  const rows = await ask(
    databaseUrl,
    `SELECT command_id AS "commandId", feeder_id AS "feederId", kind, state, version, changes, grams, read_back AS "readBack", reason,
            journal_id AS "journalId", extract(epoch FROM issued_at)::float8 * 1000 AS "issuedAtMs",
            extract(epoch FROM ended_at)::float8 * 1000 AS "endedAtMs"
     FROM command ORDER BY issued_at, version`,
  );
  return z.array(StoredCommand).parse(rows);
}

/** The feeders that have commands without an outcome, with the ids of those. */
export async function unsettled(databaseUrl: string): Promise<Map<string, string[]>> {
  const rows = await ask(
    databaseUrl,
    `SELECT feeder_id AS "feederId", array_agg(command_id::text) AS "commandIds" FROM command WHERE state = 'sent' GROUP BY feeder_id`,
  );
  const found = z.array(z.object({ feederId: z.string(), commandIds: z.array(z.string()) })).parse(rows);
  return new Map(found.map(({ feederId, commandIds }) => [feederId, commandIds]));
}

async function ask(databaseUrl: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}
