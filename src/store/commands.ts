import type { CommandKind, Outcome, Reason } from '../../topics/commands.ts';
import type { Values } from '../../topics/parameters.ts';
import type { Queryable } from './database.ts';
import { configFrom, type ReportedConfig } from './feeders.ts';

/** What a command asks for. */
export type Order =
  | { kind: 'set-config'; changes: Values }
  | { kind: 'feed-now'; grams: number }
  | { kind: 'clear-alarms' };

/** How a command ended and what the agent read; times in milliseconds since 1970, on the bridge's clock. */
export type Ending = {
  state: Outcome | 'refused';
  endedAtMs: number;
  readAtMs: number | null;
  readBack: Values | null;
  previous: Values | null;
  reason: Reason | null;
};

/** A command as it is stored. */
export type StoredCommand = {
  commandId: string;
  feederId: string;
  order: Order;
  /** Null for what is not a config change, or was refused before a version was taken. */
  version: number | null;
  /** All values the caller's If-Match stood for. */
  expected: Values | null;
  journalId: string | null;
  issuedBy: string;
  issuedAtMs: number;
  /** Null for a refused change, which was never sent. */
  expiresAtMs: number | null;
  /** The caller's trace (W3C Trace Context); it goes with the command on every sending. */
  traceparent: string | null;
  /** Null until the outcome is known. */
  ending: Ending | null;
};

type CommandColumns = {
  command_id: string;
  feeder_id: string;
  kind: CommandKind;
  state: Ending['state'] | 'sent';
  version: number | null;
  changes: Values | null;
  expected: Values | null;
  grams: number | null;
  journal_id: string | null;
  issued_by: string;
  issued_at: Date;
  expires_at: Date | null;
  traceparent: string | null;
  ended_at: Date | null;
  read_at: Date | null;
  read_back: Values | null;
  previous: Values | null;
  reason: Reason | null;
};

function orderFrom({ kind, changes, grams }: CommandColumns): Order {
  switch (kind) {
    case 'set-config':
      return { kind, changes: changes ?? {} };
    case 'feed-now':
      return { kind, grams: grams ?? 0 };
    case 'clear-alarms':
      return { kind };
  }
}

const commandFrom = (row: CommandColumns): StoredCommand => ({
  commandId: row.command_id,
  feederId: row.feeder_id,
  order: orderFrom(row),
  version: row.version,
  expected: row.expected,
  journalId: row.journal_id,
  issuedBy: row.issued_by,
  issuedAtMs: row.issued_at.getTime(),
  expiresAtMs: row.expires_at?.getTime() ?? null,
  traceparent: row.traceparent,
  ending:
    row.state === 'sent' || row.ended_at === null
      ? null
      : {
          state: row.state,
          endedAtMs: row.ended_at.getTime(),
          readAtMs: row.read_at?.getTime() ?? null,
          readBack: row.read_back,
          previous: row.previous,
          reason: row.reason,
        },
});

/** A config change about to be stored and sent. */
export type ConfigOrder = {
  commandId: string;
  feederId: string;
  changes: Values;
  journalId: string | null;
  issuedBy: string;
  issuedAtMs: number;
  expiresAtMs: number;
  traceparent: string | null;
  /** The versions the caller accepts, `any` for whichever is current; undefined without If-Match. */
  ifMatch: readonly number[] | 'any' | undefined;
  idempotency: IdempotencyUse | undefined;
};

/** One use of an Idempotency-Key. */
export type IdempotencyUse = { apiKey: string; method: string; path: string; key: string; bodySha256: Buffer };

/** Violated where the same key was used at the same moment. */
export const IDEMPOTENCY_CONSTRAINT = 'idempotency_key_pkey';

/**
 * Stores a config change, taking the feeder's next version, in one statement: the feeder's row lock decides If-Match
 * against every other change. Undefined where the feeder is gone or If-Match fails; then nothing was stored and no
 * version taken. Where If-Match held, the command carries all values at that version.
 */
export async function insertConfigCommand(db: Queryable, order: ConfigOrder): Promise<StoredCommand | undefined> {
  const { commandId, feederId, changes, journalId, issuedBy, issuedAtMs, expiresAtMs, traceparent, ifMatch, idempotency } = order;
  // No more than is not known comes back: every column costs, and this is on the way of every change.
  const { rows } = await db.query<{ version: number; expected: Values | null }>(
    {
      name: 'insert-config-command',
      text: `WITH versioned AS (
         UPDATE feeder SET version_counter = version_counter + 1, unsettled_config = unsettled_config + 1
         WHERE feeder_id = $1 AND removed_at IS NULL
           AND (NOT $2 OR (unsettled_config = 0 AND config_version IS NOT NULL
                           AND ($3::integer[] IS NULL OR config_version = ANY ($3))))
         RETURNING version_counter, config_values
       ), stored AS (
         INSERT INTO command (command_id, feeder_id, kind, state, version, changes, expected, journal_id, issued_by,
                              issued_at, expires_at, traceparent)
         SELECT $4, $1, 'set-config', 'sent', version_counter, $5, CASE WHEN $2 THEN config_values END, $6, $7, $8, $9, $15
         FROM versioned RETURNING version, expected, command_id, issued_at
       ), keyed AS (
         INSERT INTO idempotency_key (api_key, method, path, idempotency_key, body_sha256, command_id, created_at)
         SELECT $10, $11, $12, $13, $14, command_id, issued_at FROM stored WHERE $13::text IS NOT NULL
       )
       SELECT version, expected FROM stored`,
    },
    [
      feederId,
      ifMatch !== undefined,
      ifMatch === 'any' ? null : (ifMatch ?? null),
      commandId,
      changes,
      journalId,
      issuedBy,
      new Date(issuedAtMs),
      new Date(expiresAtMs),
      idempotency?.apiKey ?? null,
      idempotency?.method ?? null,
      idempotency?.path ?? null,
      idempotency?.key ?? null,
      idempotency?.bodySha256 ?? null,
      traceparent,
    ],
  );
  const [stored] = rows;
  if (stored === undefined) return undefined;
  const sent = { commandId, feederId, journalId, issuedBy, issuedAtMs, expiresAtMs, traceparent };
  return { ...sent, ...stored, order: { kind: 'set-config', changes }, ending: null };
}

/** How storing an ending went: `first` where it is now the outcome, `later` where another one stood already. */
export type Settled = { kind: 'first'; config: ReportedConfig | null } | { kind: 'later' };

/**
 * Stores how a command ended, unless that is known already, and merges what was read back into the feeder's config
 * where no later reading of a value is stored, all in one statement. The first final outcome stands; later ones are counted.
 * An applied version becomes the config's; a read-back that changes values otherwise takes a version of its own.
 */
export async function settleCommand(
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

/** One command, whichever feeder's. */
export async function selectCommand(db: Queryable, commandId: string): Promise<StoredCommand | undefined> {
  const { rows } = await db.query<CommandColumns>('SELECT * FROM command WHERE command_id = $1', [commandId]);
  const [row] = rows;
  return row && commandFrom(row);
}

/** Where a page of history goes on: after this command, towards older ones. */
export type CommandCursor = { issuedAtMs: number; commandId: string };

/** A feeder's commands, newest first. */
export async function selectCommands(
  db: Queryable,
  feederId: string,
  limit: number,
  after: CommandCursor | undefined,
): Promise<StoredCommand[]> {
  const { rows } = await db.query<CommandColumns>(
    `SELECT * FROM command
     WHERE feeder_id = $1 AND ($2::timestamptz IS NULL OR (issued_at, command_id) < ($2, $3::uuid))
     ORDER BY issued_at DESC, command_id DESC LIMIT $4`,
    [feederId, after ? new Date(after.issuedAtMs) : null, after?.commandId ?? null, limit],
  );
  return rows.map(commandFrom);
}

/** Every command whose outcome is not known, oldest first; of one feeder, or of all. */
export async function selectUnsettled(db: Queryable, feederId?: string): Promise<StoredCommand[]> {
  const { rows } = await db.query<CommandColumns>(
    `SELECT * FROM command WHERE state = 'sent' AND ($1::text IS NULL OR feeder_id = $1) ORDER BY issued_at, version`,
    [feederId ?? null],
  );
  return rows.map(commandFrom);
}
