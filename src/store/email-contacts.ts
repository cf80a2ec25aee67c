import type { Queryable } from './database.ts';

/** Who hears of alarms by e-mail; times in milliseconds since 1970. A filter that is null lets all pass. */
export type EmailContact = {
  emailContactId: string;
  /** Who hears first, and who next where nobody acknowledges. */
  addresses: string[];
  escalateAfterMinutes: number;
  sites: string[] | null;
  severities: string[] | null;
  createdBy: string;
  createdAtMs: number;
};

/** Where a page of the list ended. */
export type EmailContactPosition = Pick<EmailContact, 'createdAtMs' | 'emailContactId'>;

/** Stores a new contact. */
export async function insertEmailContact(db: Queryable, row: EmailContact): Promise<void> {
  await db.query(
    `INSERT INTO email_contact (email_contact_id, addresses, escalate_after_minutes, sites, severities, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      row.emailContactId,
      row.addresses,
      row.escalateAfterMinutes,
      row.sites,
      row.severities,
      row.createdBy,
      new Date(row.createdAtMs),
    ],
  );
}

/** Up to `limit` of the contacts that are for nothing but `sites`, null for all, the newest first, after `after` where it is given. */
export async function selectEmailContacts(
  db: Queryable,
  sites: readonly string[] | null,
  limit: number,
  after: EmailContactPosition | undefined,
): Promise<EmailContact[]> {
  const { rows } = await db.query<EmailContactRow>(
    `SELECT * FROM email_contact
     WHERE ($2::timestamptz IS NULL OR (created_at, email_contact_id) < ($2, $3)) AND ($4::text[] IS NULL OR sites <@ $4)
     ORDER BY created_at DESC, email_contact_id DESC LIMIT $1`,
    [limit, after ? new Date(after.createdAtMs) : null, after?.emailContactId ?? null, sites],
  );
  return rows.map(emailContactFrom);
}

type EmailContactRow = {
  email_contact_id: string;
  addresses: string[];
  escalate_after_minutes: number;
  sites: string[] | null;
  severities: string[] | null;
  created_by: string;
  created_at: Date;
};

const emailContactFrom = (row: EmailContactRow): EmailContact => ({
  emailContactId: row.email_contact_id,
  addresses: row.addresses,
  escalateAfterMinutes: row.escalate_after_minutes,
  sites: row.sites,
  severities: row.severities,
  createdBy: row.created_by,
  createdAtMs: row.created_at.getTime(),
});

/**
 * Deletes a contact that is for nothing but `sites`, null for all, and what it was still to hear, and tells what it was;
 * undefined where there is none.
 */
export async function deleteEmailContact(
  db: Queryable,
  emailContactId: string,
  sites: readonly string[] | null,
): Promise<EmailContact | undefined> {
  const { rows } = await db.query<EmailContactRow>(
    'DELETE FROM email_contact WHERE email_contact_id = $1 AND ($2::text[] IS NULL OR sites <@ $2) RETURNING *',
    [emailContactId, sites],
  );
  const [row] = rows;
  return row && emailContactFrom(row);
}
