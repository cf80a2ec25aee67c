import type { Queryable } from './database.ts';

/** A login for looking on at one site's topics; times in milliseconds since 1970. */
export type SiteLogin = {
  siteLoginId: string;
  site: string;
  name: string;
  username: string;
  passwordSha256: Buffer;
  createdAtMs: number;
  /** Null: until it is removed. */
  expiresAtMs: number | null;
};

/** Stores a new site login. */
export async function insertSiteLogin(db: Queryable, row: SiteLogin): Promise<void> {
  await db.query(
    `INSERT INTO site_login (site_login_id, site, name, username, password_sha256, created_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      row.siteLoginId,
      row.site,
      row.name,
      row.username,
      row.passwordSha256,
      new Date(row.createdAtMs),
      row.expiresAtMs === null ? null : new Date(row.expiresAtMs),
    ],
  );
}

/** Deletes a site login; false where there is none. */
export async function deleteSiteLogin(db: Queryable, siteLoginId: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM site_login WHERE site_login_id = $1', [siteLoginId]);
  return rowCount > 0;
}

/** Every site login. */
export async function selectSiteLogins(db: Queryable): Promise<SiteLogin[]> {
  const { rows } = await db.query<{
    site_login_id: string;
    site: string;
    name: string;
    username: string;
    password_sha256: Buffer;
    created_at: Date;
    expires_at: Date | null;
  }>('SELECT * FROM site_login');
  return rows.map((row) => ({
    siteLoginId: row.site_login_id,
    site: row.site,
    name: row.name,
    username: row.username,
    passwordSha256: row.password_sha256,
    createdAtMs: row.created_at.getTime(),
    expiresAtMs: row.expires_at?.getTime() ?? null,
  }));
}
