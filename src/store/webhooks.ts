import type { Queryable } from './database.ts';

/** Where an alarm's notices are posted to; times in milliseconds since 1970. A filter that is null lets all pass. */
export type Webhook = {
  webhookId: string;
  url: string;
  sites: string[] | null;
  severities: string[] | null;
  /** Names of alarms. */
  types: string[] | null;
  createdBy: string;
  createdAtMs: number;
};

/** Where a page of the list ended. */
export type WebhookPosition = Pick<Webhook, 'createdAtMs' | 'webhookId'>;

/** Stores a new webhook and what signs its notices. */
export async function insertWebhook(db: Queryable, row: Webhook, secret: string): Promise<void> {
  await db.query(
    `INSERT INTO webhook (webhook_id, url, secret, sites, severities, types, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [row.webhookId, row.url, secret, row.sites, row.severities, row.types, row.createdBy, new Date(row.createdAtMs)],
  );
}

/** Up to `limit` of the webhooks that are for nothing but `sites`, null for all, the newest first, after `after` where it is given. */
export async function selectWebhooks(
  db: Queryable,
  sites: readonly string[] | null,
  limit: number,
  after: WebhookPosition | undefined,
): Promise<Webhook[]> {
  const { rows } = await db.query<WebhookRow>(
    `SELECT ${COLUMNS} FROM webhook
     WHERE ($2::timestamptz IS NULL OR (created_at, webhook_id) < ($2, $3)) AND ($4::text[] IS NULL OR sites <@ $4)
     ORDER BY created_at DESC, webhook_id DESC LIMIT $1`,
    [limit, after ? new Date(after.createdAtMs) : null, after?.webhookId ?? null, sites],
  );
  return rows.map(webhookFrom);
}

type WebhookRow = {
  webhook_id: string;
  url: string;
  sites: string[] | null;
  severities: string[] | null;
  types: string[] | null;
  created_by: string;
  created_at: Date;
};

/** All but the secret. */
const COLUMNS = 'webhook_id, url, sites, severities, types, created_by, created_at';

const webhookFrom = (row: WebhookRow): Webhook => ({
  webhookId: row.webhook_id,
  url: row.url,
  sites: row.sites,
  severities: row.severities,
  types: row.types,
  createdBy: row.created_by,
  createdAtMs: row.created_at.getTime(),
});

/** Whether there is a webhook with this id that is for nothing but `sites`; null for all. */
export async function hasWebhook(db: Queryable, webhookId: string, sites: readonly string[] | null): Promise<boolean> {
  const { rowCount } = await db.query('SELECT 1 FROM webhook WHERE webhook_id = $1 AND ($2::text[] IS NULL OR sites <@ $2)', [webhookId, sites]);
  return rowCount > 0;
}

/** Deletes a webhook that is for nothing but `sites`, null for all, and its notices, and tells what it was; undefined where there is none. */
export async function deleteWebhook(db: Queryable, webhookId: string, sites: readonly string[] | null): Promise<Webhook | undefined> {
  const { rows } = await db.query<WebhookRow>(
    `DELETE FROM webhook WHERE webhook_id = $1 AND ($2::text[] IS NULL OR sites <@ $2) RETURNING ${COLUMNS}`,
    [webhookId, sites],
  );
  const [row] = rows;
  return row && webhookFrom(row);
}
