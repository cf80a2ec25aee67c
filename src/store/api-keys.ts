import type { Queryable } from './database.ts';

/** A key for the REST API; times in milliseconds since 1970. */
export type ApiKey = {
  apiKeyId: string;
  name: string;
  role: 'viewer' | 'operator' | 'admin';
  /** In order and each once. Null: all sites. */
  sites: string[] | null;
  keySha256: Buffer;
  createdAtMs: number;
  /** The name of who made it; null for the one that the bridge made itself. */
  createdBy: string | null;
  /** Null: until it is revoked. */
  expiresAtMs: number | null;
  lastUsedAtMs: number | null;
};

type ApiKeyColumns = {
  api_key_id: string;
  name: string;
  role: ApiKey['role'];
  sites: string[] | null;
  key_sha256: Buffer;
  created_at: Date;
  created_by: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
};

/** Every API key that was not revoked. */
export async function selectApiKeys(db: Queryable): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKeyColumns>('SELECT * FROM api_key WHERE revoked_at IS NULL');
  return rows.map((row) => ({
    apiKeyId: row.api_key_id,
    name: row.name,
    role: row.role,
    sites: row.sites,
    keySha256: row.key_sha256,
    createdAtMs: row.created_at.getTime(),
    createdBy: row.created_by,
    expiresAtMs: row.expires_at?.getTime() ?? null,
    lastUsedAtMs: row.last_used_at?.getTime() ?? null,
  }));
}

/** Whether there ever was an API key. */
export async function hadApiKey(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM api_key LIMIT 1');
  return rowCount > 0;
}

/** Stores a new API key; false where another for the same sites that was not revoked has its name. */
export async function insertApiKey(db: Queryable, key: ApiKey): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO api_key (api_key_id, name, role, sites, key_sha256, created_at, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (name, coalesce(sites, '{}')) WHERE revoked_at IS NULL DO NOTHING`,
    [
      key.apiKeyId,
      key.name,
      key.role,
      key.sites,
      key.keySha256,
      new Date(key.createdAtMs),
      key.createdBy,
      key.expiresAtMs === null ? null : new Date(key.expiresAtMs),
    ],
  );
  return rowCount > 0;
}

/** Revokes an API key for good; false where there is none, or no more. */
export async function revokeApiKey(db: Queryable, apiKeyId: string, revokedAtMs: number): Promise<boolean> {
  const { rowCount } = await db.query('UPDATE api_key SET revoked_at = $2 WHERE api_key_id = $1 AND revoked_at IS NULL', [
    apiKeyId,
    new Date(revokedAtMs),
  ]);
  return rowCount > 0;
}

/** Stores when keys were last used, many in one statement. */
export async function updateLastUsed(db: Queryable, uses: readonly { apiKeyId: string; atMs: number }[]): Promise<void> {
  await db.query(
    `UPDATE api_key SET last_used_at = used.at FROM unnest($1::uuid[], $2::timestamptz[]) AS used (api_key_id, at)
     WHERE api_key.api_key_id = used.api_key_id`,
    [uses.map(({ apiKeyId }) => apiKeyId), uses.map(({ atMs }) => new Date(atMs))],
  );
}
