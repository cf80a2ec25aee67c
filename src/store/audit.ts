import type { Queryable } from './database.ts';

/** Who did something, or tried to, and from where. */
export type Author = {
  /** `server`: a program on the bridge's own machine. `nobody`: someone who gave no valid proof of being somebody. */
  kind: 'key' | 'person' | 'feeder' | 'site-login' | 'server' | 'nobody';
  id: string | null;
  name: string | null;
  /** An IP address. */
  address: string | null;
  requestId: string | null;
};

/** What was done, or refused with a problem code. */
export type AuditEntry = {
  atMs: number;
  author: Author;
  /** The name of the operation, as in the OpenAPI document, or of what was tried over MQTT. */
  action: string;
  /** Those who have all of these may read it; null: those of all sites. */
  sites?: readonly string[] | null;
  feederId?: string | null;
  /** What else it was about: an id. */
  target?: string | null;
  result: { kind: 'done'; before: object | null; after: object | null } | { kind: 'refused'; code: string; times: number };
};

/** Adds entries; in the transaction of what they tell of, so that neither is there without the other. */
export async function insertAuditEntries(db: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  await db.query(
    `INSERT INTO audit_entry (at, author_kind, author_id, author_name, address, request_id, action, sites, feeder_id, target,
                              result, code, times, before, after)
     SELECT at, author_kind, author_id, author_name, address, request_id, action,
            CASE WHEN sites IS NOT NULL THEN ARRAY(SELECT jsonb_array_elements_text(sites)) END, feeder_id, target, result, code, times, before, after
     FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
                 $9::text[], $10::text[], $11::text[], $12::text[], $13::integer[], $14::jsonb[], $15::jsonb[])
          AS entry (at, author_kind, author_id, author_name, address, request_id, action, sites, feeder_id, target, result, code, times, before, after)`,
    [
      entries.map(({ atMs }) => new Date(atMs)),
      entries.map(({ author }) => author.kind),
      entries.map(({ author }) => author.id),
      entries.map(({ author }) => author.name),
      entries.map(({ author }) => author.address),
      entries.map(({ author }) => author.requestId),
      entries.map(({ action }) => action),
      entries.map(({ sites }) => jsonOrNull(sites ?? null)),
      entries.map(({ feederId }) => feederId ?? null),
      entries.map(({ target }) => target ?? null),
      entries.map(({ result }) => result.kind),
      entries.map(({ result }) => (result.kind === 'refused' ? result.code : null)),
      entries.map(({ result }) => (result.kind === 'refused' ? result.times : 1)),
      entries.map(({ result }) => (result.kind === 'done' ? jsonOrNull(result.before) : null)),
      entries.map(({ result }) => (result.kind === 'done' ? jsonOrNull(result.after) : null)),
    ],
  );
}

const jsonOrNull = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** An entry as it is stored. */
export type StoredAuditEntry = {
  auditEntryId: string;
  atMs: number;
  author: Author;
  action: string;
  sites: string[] | null;
  feederId: string | null;
  target: string | null;
  result: 'done' | 'refused' | 'indeterminate';
  code: string | null;
  times: number;
  /** What a command asked for. */
  asked: object | null;
  before: object | null;
  after: object | null;
};

/** Which entries are asked for: in `fromMs` ≤ t < `toMs`, of none but these sites (null: all, and of none), and as far as more is given. */
export type AuditFilter = {
  fromMs: number;
  toMs: number;
  sites: readonly string[] | null;
  feederId: string | undefined;
  action: string | undefined;
  /** The id or the name of an author. */
  author: string | undefined;
  result: StoredAuditEntry['result'] | undefined;
};

/** Where a page of the list ended. */
export type AuditPosition = Pick<StoredAuditEntry, 'atMs' | 'auditEntryId'>;

/** Up to `limit` entries, the newest first, after `after` where it is given. */
export async function selectAuditEntries(
  db: Queryable,
  { fromMs, toMs, sites, feederId, action, author, result }: AuditFilter,
  limit: number,
  after: AuditPosition | undefined,
): Promise<StoredAuditEntry[]> {
  const { rows } = await db.query<AuditRow>(
    `SELECT * FROM audit_entry
     WHERE at >= $1 AND at < $2 AND ($3::text[] IS NULL OR sites <@ $3)
       AND ($4::text IS NULL OR feeder_id = $4) AND ($5::text IS NULL OR action = $5)
       AND ($6::text IS NULL OR author_id = $6 OR author_name = $6) AND ($7::text IS NULL OR result = $7)
       AND ($8::timestamptz IS NULL OR (at, audit_entry_id) < ($8, $9::uuid))
     ORDER BY at DESC, audit_entry_id DESC LIMIT $10`,
    [
      new Date(fromMs),
      new Date(toMs),
      sites,
      feederId ?? null,
      action ?? null,
      author ?? null,
      result ?? null,
      after ? new Date(after.atMs) : null,
      after?.auditEntryId ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({
    auditEntryId: row.audit_entry_id,
    atMs: row.at.getTime(),
    author: { kind: row.author_kind, id: row.author_id, name: row.author_name, address: row.address, requestId: row.request_id },
    action: row.action,
    sites: row.sites,
    feederId: row.feeder_id,
    target: row.target,
    result: row.result,
    code: row.code,
    times: row.times,
    asked: row.asked,
    before: row.before,
    after: row.after,
  }));
}

type AuditRow = {
  audit_entry_id: string;
  at: Date;
  author_kind: Author['kind'];
  author_id: string | null;
  author_name: string | null;
  address: string | null;
  request_id: string | null;
  action: string;
  sites: string[] | null;
  feeder_id: string | null;
  target: string | null;
  result: StoredAuditEntry['result'];
  code: string | null;
  times: number;
  asked: object | null;
  before: object | null;
  after: object | null;
};
