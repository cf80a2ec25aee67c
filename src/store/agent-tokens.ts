import type { Queryable } from './database.ts';
import type { PreviousToken } from './feeders.ts';

/** A claim code that was not used yet; it is good until `untilMs`. */
export type ClaimCode = { feederId: string; sha256: Buffer; untilMs: number };

/** Gives a feeder another token, and says which one before it stays good, and until when. False where the feeder is not enrolled. */
export async function updateToken(db: Queryable, feederId: string, tokenSha256: Buffer, previous: PreviousToken | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE feeder SET token_sha256 = $2, previous_token_sha256 = $3, previous_token_until = $4
     WHERE feeder_id = $1 AND removed_at IS NULL`,
    [feederId, tokenSha256, previous?.sha256 ?? null, previous === null ? null : new Date(previous.untilMs)],
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

/** Every claim code that was not used yet. */
export async function selectClaimCodes(db: Queryable): Promise<ClaimCode[]> {
  const { rows } = await db.query<{ feeder_id: string; claim_code_sha256: Buffer; claim_code_until: Date }>(
    'SELECT feeder_id, claim_code_sha256, claim_code_until FROM feeder WHERE claim_code_sha256 IS NOT NULL AND removed_at IS NULL',
  );
  return rows.map((row) => ({ feederId: row.feeder_id, sha256: row.claim_code_sha256, untilMs: row.claim_code_until.getTime() }));
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
