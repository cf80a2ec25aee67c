import type { Values } from '../../topics/parameters.ts';
import { commandFrom, type CommandColumns } from './command-rows.ts';
import type { CommandStore, Ending, Insertion, NewCommand, Settled, StoredCommand } from './commands.ts';
import type { Database, Queryable } from './database.ts';
import { configFrom, selectConfig } from './feeders.ts';
import { findIdempotent, IDEMPOTENCY_CONSTRAINT, releaseIdempotencyKey } from './idempotency.ts';
import { isUniqueViolation } from './store-errors.ts';

/** Commands and their outcomes in Postgres. */
export const postgresCommands = (db: Database): CommandStore => ({
  insert: (command) => insert(db, command),
  findIdempotent: (use, nowMs) => findIdempotent(db, use, nowMs),
  find: (commandId) => selectCommand(db, commandId),
  unsettled: (feederId) => selectUnsettled(db, feederId),
  settle: (command, ending) => settle(db, command, ending),
  settleUnsent: async (refused) => {
    await db.transaction((tx) => settleUnsent(tx, refused));
    return selectCommand(db, refused.commandId);
  },
  configOf: (feederId) => selectConfig(db, feederId),
});

/** One statement: the feeder's row lock decides If-Match and the pending feed-now against every other command. */
async function insert(db: Queryable, command: NewCommand): Promise<Insertion> {
  const { commandId, feederId, order, journalId, author, action, issuedAtMs, expiresAtMs, traceparent, heardVersion, ifMatch, idempotency } = command;
  try {
    // No more than is not known comes back: every column costs, and this is on the way of every change.
    const { rows } = await db.query<{ mismatched: boolean; pending: string | null; version: number | null; expected: Values | null }>(
      {
        name: 'insert-command',
        text: `WITH judged AS (
           SELECT feeder_id,
                  $2 AND NOT (unsettled_config = 0 AND config_version IS NOT NULL
                              AND ($3::integer[] IS NULL OR config_version = ANY ($3))) AS mismatched,
                  CASE WHEN $4 = 'feed-now' THEN pending_feed_now END AS pending
           FROM feeder WHERE feeder_id = $1 AND removed_at IS NULL FOR UPDATE
         ), taken AS (
           UPDATE feeder SET
             version_counter = CASE WHEN $4 = 'set-config' THEN greatest(version_counter, $5) + 1 ELSE version_counter END,
             unsettled_config = unsettled_config + CASE WHEN $4 = 'set-config' THEN 1 ELSE 0 END,
             pending_feed_now = CASE WHEN $4 = 'feed-now' THEN $6 ELSE pending_feed_now END
           FROM judged WHERE feeder.feeder_id = judged.feeder_id AND NOT mismatched AND pending IS NULL
           RETURNING CASE WHEN $4 = 'set-config' THEN version_counter END AS version,
                     CASE WHEN $4 = 'set-config' AND $2 THEN config_values END AS expected
         ), stored AS (
           INSERT INTO command (command_id, feeder_id, kind, state, version, changes, expected, grams, journal_id, issued_by,
                                issued_at, expires_at, traceparent, issued_by_kind, issued_by_id, issued_from, request_id, action)
           SELECT $6, $1, $4, 'sent', version, $7, expected, $8, $9, $10, $11, $12, $13, $19, $20, $21, $22, $23
           FROM taken RETURNING version, expected, command_id, issued_at
         ), keyed AS (
           INSERT INTO idempotency_key (api_key, method, path, idempotency_key, body_sha256, command_id, created_at)
           SELECT $14, $15, $16, $17, $18, command_id, issued_at FROM stored WHERE $17::text IS NOT NULL
         )
         SELECT mismatched, pending, version, expected FROM judged LEFT JOIN stored ON true`,
      },
      [
        feederId,
        ifMatch !== undefined,
        ifMatch === 'any' ? null : (ifMatch ?? null),
        order.kind,
        heardVersion,
        commandId,
        order.kind === 'set-config' ? order.changes : null,
        order.kind === 'feed-now' ? order.grams : null,
        journalId,
        author.name,
        new Date(issuedAtMs),
        new Date(expiresAtMs),
        traceparent,
        idempotency?.apiKey ?? null,
        idempotency?.method ?? null,
        idempotency?.path ?? null,
        idempotency?.key ?? null,
        idempotency?.bodySha256 ?? null,
        author.kind,
        author.id,
        author.address,
        author.requestId,
        action,
      ],
    );
    const [row] = rows;
    if (row === undefined) return { kind: 'gone' };
    const { mismatched, pending, version, expected } = row;
    if (mismatched) return { kind: 'version-mismatch' };
    if (pending !== null) return { kind: 'pending', commandId: pending };
    const sent = { commandId, feederId, order, journalId, issuedBy: author.name, issuedAtMs, expiresAtMs, traceparent };
    return { kind: 'stored', command: { ...sent, version, expected, ending: null } };
  } catch (error) {
    if (isUniqueViolation(error, IDEMPOTENCY_CONSTRAINT)) return { kind: 'key-used' };
    throw error;
  }
}

/** One statement, in the case that is not the rare one. */
async function settle(
  db: Queryable,
  { commandId, feederId }: { commandId: string; feederId: string },
  ending: Ending,
): Promise<Settled> {
  const { rows } = await db.query<Parameters<typeof configFrom>[0]>(
    {
      name: 'settle-command',
      text: `WITH settled AS (
         UPDATE command
         SET state = $3, ended_at = $4, read_at = $5, read_back = $6, previous = $7, reason = $8
         WHERE command_id = $1 AND feeder_id = $2 AND state = 'sent'
         RETURNING kind, version
       ), judged AS (
         SELECT feeder.feeder_id, settled.kind, settled.version, config_values AS former,
                CASE WHEN config_values IS NOT NULL AND $6::jsonb IS NOT NULL AND settled.kind = 'set-config'
                     THEN merge_reading(config_values, config_values_at, $6, $9, false) END AS merged,
                $3 = 'applied' AND settled.version > coalesce(config_version, 0) AS is_newest
         FROM feeder, settled WHERE feeder.feeder_id = $2 FOR UPDATE OF feeder
       ), decided AS (
         SELECT *, coalesce((merged).held <> former, false) AS changed FROM judged
       )
       UPDATE feeder SET
         unsettled_config = unsettled_config - CASE WHEN kind = 'set-config' THEN 1 ELSE 0 END,
         pending_feed_now = nullif(pending_feed_now, $1),
         version_counter = version_counter + CASE WHEN changed AND NOT is_newest THEN 1 ELSE 0 END,
         config_version = CASE
           WHEN former IS NULL THEN NULL
           WHEN is_newest THEN version
           WHEN changed THEN version_counter + 1
           ELSE config_version END,
         config_values = coalesce((merged).held, config_values),
         config_values_at = coalesce((merged).held_at, config_values_at),
         config_read_at = CASE WHEN merged IS NULL THEN config_read_at ELSE greatest(config_read_at, $5) END,
         config_source = CASE
           WHEN former IS NOT NULL AND is_newest THEN 'command'
           WHEN changed THEN 'local'
           ELSE config_source END,
         config_agent_version = CASE
           WHEN $3 = 'applied' THEN greatest(config_agent_version, version)
           ELSE config_agent_version END
       FROM decided WHERE feeder.feeder_id = decided.feeder_id
       RETURNING config_version, feeder.config_values, config_read_at, config_source, config_agent_version`,
    },
    [
      commandId,
      feederId,
      ending.state,
      new Date(ending.endedAtMs),
      ending.readAtMs === null ? null : new Date(ending.readAtMs),
      ending.readBack,
      ending.previous,
      ending.reason,
      ending.readAtMs,
    ],
  );
  const [row] = rows;
  if (row) return { kind: 'first', config: configFrom(row) };
  await db.query('UPDATE command SET later_acks = later_acks + 1 WHERE command_id = $1 AND feeder_id = $2', [
    commandId,
    feederId,
  ]);
  return { kind: 'later' };
}

/** Stores changes that were turned away at the door, many in one statement. */
export async function insertRefused(db: Queryable, refused: readonly StoredCommand[]): Promise<void> {
  await db.query(
    `INSERT INTO command (command_id, feeder_id, kind, state, changes, grams, issued_by, issued_at, ended_at, reason)
     SELECT command_id, feeder_id, kind, 'refused', changes, grams, issued_by, issued_at, issued_at, reason
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::double precision[], $6::text[], $7::timestamptz[],
                 $8::jsonb[]) AS refused (command_id, feeder_id, kind, changes, grams, issued_by, issued_at, reason)
     ON CONFLICT (command_id) DO NOTHING`,
    [
      refused.map(({ commandId }) => commandId),
      refused.map(({ feederId }) => feederId),
      refused.map(({ order }) => order.kind),
      refused.map(({ order }) => (order.kind === 'set-config' ? JSON.stringify(order.changes) : null)),
      refused.map(({ order }) => (order.kind === 'feed-now' ? order.grams : null)),
      refused.map(({ issuedBy }) => issuedBy),
      refused.map(({ issuedAtMs }) => new Date(issuedAtMs)),
      refused.map(({ ending }) => JSON.stringify(ending?.reason ?? null)),
    ],
  );
}

async function settleUnsent(tx: Queryable, refused: StoredCommand): Promise<void> {
  // This takes the place of the command: a statement that the database comes to only now finds its id in use.
  await insertRefused(tx, [refused]);
  const stored = await selectCommand(tx, refused.commandId);
  if (stored?.ending !== null || !refused.ending) return;
  await settle(tx, stored, { ...refused.ending, state: 'expired' });
  await releaseIdempotencyKey(tx, refused.commandId);
}

/** Command ids are UUIDs here; anything else names no command. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function selectCommand(db: Queryable, commandId: string): Promise<StoredCommand | undefined> {
  if (!UUID.test(commandId)) return undefined;
  const { rows } = await db.query<CommandColumns>('SELECT * FROM command WHERE command_id = $1', [commandId]);
  const [row] = rows;
  return row && commandFrom(row);
}

/** Which of a feeder's commands are asked for: those in a state at a moment on the bridge's clock, or all. */
export type CommandFilter = { state: Ending['state'] | 'sent' | 'unresolved' | undefined; nowMs: number };

/** Where a page of history goes on: after this command, towards older ones. */
export type CommandCursor = { issuedAtMs: number; commandId: string };

/** A feeder's commands, newest first. */
export async function selectCommands(
  db: Queryable,
  feederId: string,
  { state, nowMs }: CommandFilter,
  limit: number,
  after: CommandCursor | undefined,
): Promise<StoredCommand[]> {
  const { rows } = await db.query<CommandColumns>(
    `SELECT * FROM command
     WHERE feeder_id = $1 AND ($2::timestamptz IS NULL OR (issued_at, command_id) < ($2, $3::uuid))
       AND ($5::text IS NULL OR state = CASE $5 WHEN 'unresolved' THEN 'sent' ELSE $5 END)
       AND ($5 IS NULL OR $5 NOT IN ('sent', 'unresolved') OR ($5 = 'unresolved') = (expires_at <= $6))
     ORDER BY issued_at DESC, command_id DESC LIMIT $4`,
    [feederId, after ? new Date(after.issuedAtMs) : null, after?.commandId ?? null, limit, state ?? null, new Date(nowMs)],
  );
  return rows.map(commandFrom);
}

async function selectUnsettled(db: Queryable, feederId?: string): Promise<StoredCommand[]> {
  const { rows } = await db.query<CommandColumns>(
    `SELECT * FROM command WHERE state = 'sent' AND ($1::text IS NULL OR feeder_id = $1) ORDER BY issued_at, version`,
    [feederId ?? null],
  );
  return rows.map(commandFrom);
}
