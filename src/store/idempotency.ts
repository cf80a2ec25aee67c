import type { IdempotencyUse } from './commands.ts';
import type { Queryable } from './database.ts';

/** Violated where the same key was used at the same moment. */
export const IDEMPOTENCY_CONSTRAINT = 'idempotency_key_pkey';
/** How long a key stands for its command. */
const LIFETIME = '24 hours';

/** The command an Idempotency-Key stands for, and whether it was used with the same body; undefined where it is free. */
export async function findIdempotent(
  db: Queryable,
  use: IdempotencyUse,
  nowMs: number,
): Promise<{ commandId: string; sameBody: boolean } | undefined> {
  const { rows } = await db.query<{ command_id: string; body_sha256: Buffer; expired: boolean }>(
    {
      name: 'find-idempotent',
      text: `SELECT command_id, body_sha256, created_at <= $5::timestamptz - interval '${LIFETIME}' AS expired
             FROM idempotency_key WHERE api_key = $1 AND method = $2 AND path = $3 AND idempotency_key = $4`,
    },
    [use.apiKey, use.method, use.path, use.key, new Date(nowMs)],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  if (!row.expired) return { commandId: row.command_id, sameBody: row.body_sha256.equals(use.bodySha256) };
  await purgeIdempotencyKeys(db, nowMs);
  return undefined;
}

/** Frees the key of a command that was not sent: its caller was told that nothing was changed, and may try again. */
export async function releaseIdempotencyKey(db: Queryable, commandId: string): Promise<void> {
  await db.query('DELETE FROM idempotency_key WHERE command_id = $1', [commandId]);
}

/** Deletes the keys whose time is over. */
export async function purgeIdempotencyKeys(db: Queryable, nowMs: number): Promise<void> {
  await db.query(`DELETE FROM idempotency_key WHERE created_at <= $1::timestamptz - interval '${LIFETIME}'`, [
    new Date(nowMs),
  ]);
}
