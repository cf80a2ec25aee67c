import { alarmFrom, type AlarmColumns, type StoredAlarm } from './alarms.ts';
import type { Queryable } from './database.ts';

// Notices are made by the triggers on `alarm`, in the alarm's own transaction, and escalated here. Times are in milliseconds
// since 1970.

export type Moment = 'raised' | 'cleared';
export type NoticeState = 'waiting' | 'delivered' | 'given-up';

/** Whom a notice is for. */
export type Recipient =
  | { kind: 'webhook'; webhookId: string; url: string; secret: string }
  | {
      kind: 'email';
      emailContactId: string;
      address: string;
      /** Which of the contact's addresses it is, from 0. */
      step: number;
      /** Who hears next, and when, unless somebody acknowledges. */
      next: { address: string; atMs: number } | null;
    };

/** A notice whose next attempt has been counted and is to be made now. */
export type ClaimedNotice = {
  noticeId: string;
  moment: Moment;
  /** This one included. */
  attempts: number;
  /** As it is now. */
  alarm: StoredAlarm;
  feeder: { feederId: string; name: string; site: string; timeZone: string };
  to: Recipient;
};

export type Claim = {
  nowMs: number;
  /** When those claimed are due again if nothing is heard of the attempt. */
  untilMs: number;
  /** At most so many, and so many for each webhook and contact. */
  atOnce: number;
  atOnceEach: number;
  /** The notices under way, by their ids, and the webhook or contact of each. */
  underWay: ReadonlyMap<string, string>;
};

/**
 * Claims notices that are due, those first whose recipient waits for none. The end of an alarm is not told before its
 * beginning is told or given up.
 */
export async function claimNotices(db: Queryable, { nowMs, untilMs, atOnce, atOnceEach, underWay }: Claim): Promise<ClaimedNotice[]> {
  const { rows } = await db.query<ClaimedRow>(
    `WITH recipient AS (
       SELECT webhook_id AS recipient_id FROM webhook UNION ALL SELECT email_contact_id FROM email_contact
     ), running AS (
       SELECT recipient_id, count(*) FROM unnest($6::uuid[]) AS running (recipient_id) GROUP BY 1
     ), due AS (
       SELECT waiting.notice_id
       FROM recipient
       LEFT JOIN running USING (recipient_id)
       CROSS JOIN LATERAL (
         SELECT notice_id, next_attempt_at FROM notice
         WHERE coalesce(webhook_id, email_contact_id) = recipient_id AND state = 'waiting' AND next_attempt_at <= $1
           AND notice_id <> ALL ($5::uuid[])
           AND (moment = 'raised' OR NOT EXISTS (
             SELECT FROM notice AS earlier
             WHERE earlier.alarm_id = notice.alarm_id AND earlier.moment = 'raised' AND earlier.state = 'waiting'
               AND coalesce(earlier.webhook_id, earlier.email_contact_id) = recipient_id AND earlier.step = notice.step
           ))
         ORDER BY next_attempt_at LIMIT greatest(0, $4 - coalesce(running.count, 0))
         -- Whoever clears or acknowledges an alarm may hold its notices and wait for others: nobody may wait for both.
         FOR NO KEY UPDATE SKIP LOCKED
       ) AS waiting
       ORDER BY coalesce(running.count, 0), waiting.next_attempt_at LIMIT $3
     ), claimed AS (
       UPDATE notice SET attempts = attempts + 1, last_attempt_at = $1, next_attempt_at = $2
       FROM due WHERE notice.notice_id = due.notice_id AND state = 'waiting' RETURNING notice.*
     )
     SELECT claimed.notice_id, claimed.moment, claimed.attempts, claimed.step, claimed.escalates_at, alarm.*,
            feeder.name AS feeder_name, feeder.site, feeder.time_zone,
            webhook_id, webhook.url, webhook.secret, email_contact_id, email_contact.addresses
     FROM claimed
     JOIN alarm USING (alarm_id)
     JOIN feeder USING (feeder_id)
     LEFT JOIN webhook USING (webhook_id)
     LEFT JOIN email_contact USING (email_contact_id)`,
    [new Date(nowMs), new Date(untilMs), atOnce, atOnceEach, [...underWay.keys()], [...underWay.values()]],
  );
  return rows.map((row) => ({
    noticeId: row.notice_id,
    moment: row.moment,
    attempts: row.attempts,
    alarm: alarmFrom(row),
    feeder: { feederId: row.feeder_id, name: row.feeder_name, site: row.site, timeZone: row.time_zone },
    to: recipientOf(row),
  }));
}

type ClaimedRow = AlarmColumns & {
  notice_id: string;
  moment: Moment;
  attempts: number;
  step: number;
  escalates_at: Date | null;
  feeder_name: string;
  site: string;
  time_zone: string;
} & (
  | { webhook_id: string; url: string; secret: string; email_contact_id: null }
  | { webhook_id: null; email_contact_id: string; addresses: string[] }
);

function recipientOf(row: ClaimedRow): Recipient {
  if (row.webhook_id !== null) return { kind: 'webhook', webhookId: row.webhook_id, url: row.url, secret: row.secret };
  const { addresses, step } = row;
  const address = addresses[step];
  if (address === undefined) throw new Error(`expected the contact ${row.email_contact_id} to have an address ${step}`);
  const nextAddress = addresses[step + 1];
  const next =
    row.escalates_at === null || nextAddress === undefined ? null : { address: nextAddress, atMs: row.escalates_at.getTime() };
  return { kind: 'email', emailContactId: row.email_contact_id, address, step, next };
}

/** What became of an attempt, in words, and when the next one is; none is left where the notice is delivered or given up. */
export type AttemptEnd = { state: NoticeState; result: string; nextAttemptAtMs: number };

/** Stores how an attempt ended. A notice whose webhook or contact was deleted meanwhile is no more. */
export async function endAttempt(db: Queryable, noticeId: string, { state, result, nextAttemptAtMs }: AttemptEnd): Promise<void> {
  await db.query('UPDATE notice SET state = $2, last_result = $3, next_attempt_at = $4 WHERE notice_id = $1', [
    noticeId,
    state,
    result,
    new Date(nextAttemptAtMs),
  ]);
}

/** Makes the notices for those who are to hear next, where an alarm is still open and nobody acknowledged it in time. */
export async function escalateNotices(db: Queryable, nowMs: number): Promise<void> {
  await db.query(
    `WITH due AS (
       UPDATE notice SET escalates_at = NULL
       WHERE notice_id IN (SELECT notice_id FROM notice WHERE escalates_at <= $1 FOR NO KEY UPDATE SKIP LOCKED)
       RETURNING email_contact_id, alarm_id, step + 1 AS step
     )
     INSERT INTO notice (email_contact_id, step, alarm_id, moment, next_attempt_at, escalates_at)
     SELECT email_contact_id, step, alarm_id, 'raised', $1,
            CASE WHEN step + 1 < cardinality(addresses) THEN $1 + make_interval(mins => escalate_after_minutes) END
     FROM due JOIN email_contact USING (email_contact_id) JOIN alarm USING (alarm_id)
     WHERE cleared_at IS NULL AND acknowledged_at IS NULL AND step < cardinality(addresses)
     ON CONFLICT DO NOTHING`,
    [new Date(nowMs)],
  );
}

/** Lets go of at most `limit` notices that were made before and whose alarm is over; tells how many. */
export async function purgeNotices(db: Queryable, beforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM notice WHERE notice_id IN (
       SELECT notice_id FROM notice JOIN alarm USING (alarm_id)
       WHERE made_at < $1 AND state <> 'waiting' AND cleared_at IS NOT NULL ORDER BY made_at LIMIT $2
     )`,
    [new Date(beforeMs), limit],
  );
  return rowCount;
}

/** What a webhook was sent, or is to be. */
export type Delivery = {
  noticeId: string;
  moment: Moment;
  alarmId: string;
  feederId: string;
  alarmName: string;
  state: NoticeState;
  madeAtMs: number;
  attempts: number;
  lastAttemptAtMs: number | null;
  lastResult: string | null;
  /** Null where there is no next attempt. */
  nextAttemptAtMs: number | null;
};

/** Where a page of the list ended. */
export type DeliveryPosition = Pick<Delivery, 'madeAtMs' | 'noticeId'>;

/** Up to `limit` deliveries of a webhook, the newest first, after `after` where it is given. */
export async function selectDeliveries(
  db: Queryable,
  webhookId: string,
  limit: number,
  after: DeliveryPosition | undefined,
): Promise<Delivery[]> {
  const { rows } = await db.query<DeliveryRow>(
    `SELECT notice.*, alarm.feeder_id, alarm.name FROM notice JOIN alarm USING (alarm_id)
     WHERE webhook_id = $1 AND ($3::timestamptz IS NULL OR (made_at, notice_id) < ($3, $4))
     ORDER BY made_at DESC, notice_id DESC LIMIT $2`,
    [webhookId, limit, after ? new Date(after.madeAtMs) : null, after?.noticeId ?? null],
  );
  return rows.map((row) => ({
    noticeId: row.notice_id,
    moment: row.moment,
    alarmId: row.alarm_id,
    feederId: row.feeder_id,
    alarmName: row.name,
    state: row.state,
    madeAtMs: row.made_at.getTime(),
    attempts: row.attempts,
    lastAttemptAtMs: row.last_attempt_at?.getTime() ?? null,
    lastResult: row.last_result,
    nextAttemptAtMs: row.state === 'waiting' ? row.next_attempt_at.getTime() : null,
  }));
}

type DeliveryRow = {
  notice_id: string;
  moment: Moment;
  alarm_id: string;
  feeder_id: string;
  name: string;
  state: NoticeState;
  made_at: Date;
  attempts: number;
  last_attempt_at: Date | null;
  last_result: string | null;
  next_attempt_at: Date;
};
