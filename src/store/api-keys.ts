import type { Queryable } from './database.ts';

export type ApiKeyRow = { name: string; role: 'viewer' | 'operator' | 'admin'; keySha256: Buffer };

/** Every API key, hashed. */
export async function selectApiKeys(db: Queryable): Promise<ApiKeyRow[]> {
  const { rows } = await db.query<{ name: string; role: ApiKeyRow['role']; key_sha256: Buffer }>(
    'SELECT name, role, key_sha256 FROM api_key',
  );
  return rows.map(({ name, role, key_sha256 }) => ({ name, role, keySha256: key_sha256 }));
}

/** Stores a new API key. */
export async function insertApiKey(db: Queryable, row: ApiKeyRow, createdAtMs: number): Promise<void> {
  await db.query('INSERT INTO api_key (name, role, key_sha256, created_at) VALUES ($1, $2, $3, $4)', [
    row.name,
    row.role,
    row.keySha256,
    new Date(createdAtMs),
  ]);
}
