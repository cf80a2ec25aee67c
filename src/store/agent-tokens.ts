import type { Queryable } from './database.ts';

const timeOrNull = (atMs: number | null): Date | null => (atMs === null ? null : new Date(atMs));

/** Gives a feeder another token; the present one stays good until `previousUntilMs`, the one before it no longer. False where the feeder is not enrolled. */
export async function updateToken(db: Queryable, feederId: string, tokenSha256: Buffer, previousUntilMs: number | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE feeder SET token_sha256 = $2, previous_token_until = $3,
            previous_token_sha256 = CASE WHEN $3::timestamptz IS NOT NULL THEN token_sha256 END
     WHERE feeder_id = $1 AND removed_at IS NULL`,
    [feederId, tokenSha256, timeOrNull(previousUntilMs)],
  );
  return rowCount > 0;
}

/** Forgets the previous tokens of feeders whose agents have shown the present one; of no feeder that has another by now. */
export async function forgetPreviousTokens(db: Queryable, used: readonly { feederId: string; tokenSha256: Buffer }[]): Promise<void> {
  await db.query(
    `UPDATE feeder SET previous_token_sha256 = NULL, previous_token_until = NULL
     FROM unnest($1::text[], $2::bytea[]) AS used (feeder_id, token_sha256)
     WHERE feeder.feeder_id = used.feeder_id AND feeder.token_sha256 = used.token_sha256`,
    [used.map(({ feederId }) => feederId), used.map(({ tokenSha256 }) => tokenSha256)],
  );
}

/** Gives a feeder a claim code, in the place of the one it may have; false where it is not enrolled. */
export async function updateClaimCode(db: Queryable, feederId: string, codeSha256: Buffer, untilMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    'UPDATE feeder SET claim_code_sha256 = $2, claim_code_until = $3 WHERE feeder_id = $1 AND removed_at IS NULL',
    [feederId, codeSha256, new Date(untilMs)],
  );
  return rowCount > 0;
}

/** Which feeder a claim code is for, unless it was used or has expired. */
export async function selectClaimable(db: Queryable, codeSha256: Buffer, nowMs: number): Promise<string | undefined> {
  const { rows } = await db.query<{ feeder_id: string }>(
    'SELECT feeder_id FROM feeder WHERE claim_code_sha256 = $1 AND claim_code_until > $2 AND removed_at IS NULL',
    [codeSha256, new Date(nowMs)],
  );
  return rows[0]?.feeder_id;
}

/** Uses a claim code up; false where it was used, has expired, or is another by now. */
export async function useClaimCode(db: Queryable, feederId: string, codeSha256: Buffer, nowMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE feeder SET claim_code_sha256 = NULL, claim_code_until = NULL
     WHERE feeder_id = $1 AND claim_code_sha256 = $2 AND claim_code_until > $3 AND removed_at IS NULL`,
    [feederId, codeSha256, new Date(nowMs)],
  );
  return rowCount > 0;
}
