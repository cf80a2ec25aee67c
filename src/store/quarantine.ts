import type { Queryable } from './database.ts';

/** A message that could not be understood. */
export type QuarantinedMessage = {
  feederId: string;
  topic: string;
  payload: Buffer;
  problem: string;
  receivedAtMs: number;
};

/** How many are kept for each feeder, the oldest go; and how much of each payload: enough to see what it was. */
const KEPT_PER_FEEDER = 1000;
const KEPT_PAYLOAD_BYTES = 4096;

/** What is kept of a payload. */
export const keptPayload = (payload: Uint8Array): Buffer => Buffer.from(payload.subarray(0, KEPT_PAYLOAD_BYTES));

/** Keeps messages, many in one statement, and lets go of the oldest of those feeders. */
export async function insertQuarantined(db: Queryable, messages: readonly QuarantinedMessage[]): Promise<void> {
  await db.query(
    `INSERT INTO quarantined_message (feeder_id, topic, payload, problem, received_at)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], $5::timestamptz[])`,
    [
      messages.map(({ feederId }) => feederId),
      messages.map(({ topic }) => topic),
      messages.map(({ payload }) => payload),
      messages.map(({ problem }) => problem),
      messages.map(({ receivedAtMs }) => new Date(receivedAtMs)),
    ],
  );
  await db.query(
    `DELETE FROM quarantined_message USING (
       SELECT quarantine_id, row_number() OVER (PARTITION BY feeder_id ORDER BY quarantine_id DESC) AS age
       FROM quarantined_message WHERE feeder_id = ANY ($1)
     ) AS aged
     WHERE aged.quarantine_id = quarantined_message.quarantine_id AND age > ${KEPT_PER_FEEDER}`,
    [[...new Set(messages.map(({ feederId }) => feederId))]],
  );
}
