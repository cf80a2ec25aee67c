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
  site?: string | null;
  feederId?: string | null;
  /** What else it was about: an id. */
  target?: string | null;
  result: { kind: 'done'; before: object | null; after: object | null } | { kind: 'refused'; code: string; times: number };
};

/** Adds entries; in the transaction of what they tell of, so that neither is there without the other. */
export async function insertAuditEntries(db: Queryable, entries: readonly AuditEntry[]): Promise<void> {
  await db.query(
    `INSERT INTO audit_entry (at, author_kind, author_id, author_name, address, request_id, action, site, feeder_id, target,
                              result, code, times, before, after)
     SELECT * FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::text[], $10::text[], $11::text[], $12::text[], $13::integer[], $14::jsonb[], $15::jsonb[])`,
    [
      entries.map(({ atMs }) => new Date(atMs)),
      entries.map(({ author }) => author.kind),
      entries.map(({ author }) => author.id),
      entries.map(({ author }) => author.name),
      entries.map(({ author }) => author.address),
      entries.map(({ author }) => author.requestId),
      entries.map(({ action }) => action),
      entries.map(({ site }) => site ?? null),
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
