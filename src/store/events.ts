import { alarmFrom, type AlarmColumns, type StoredAlarm } from './alarms.ts';
import { commandFrom, type CommandColumns } from './command-rows.ts';
import type { StoredCommand } from './commands.ts';
import type { Queryable } from './database.ts';
import { configFrom, type ReportedConfig, type StoredPresence } from './feeders.ts';
import { mealFrom, type MealColumns, type StoredMeal } from './meal-history.ts';

/** Something that happened to a feeder, and what it came to then. */
export type StoredEvent = {
  /** Rises in the order of the commits; not without gaps. */
  eventId: number;
  feederId: string;
  atMs: number;
} & (
  | { type: 'presence'; presence: Omit<StoredPresence, 'epoch'> }
  | { type: 'command'; command: StoredCommand }
  | { type: 'config'; config: ReportedConfig }
  | { type: 'meal'; meal: StoredMeal }
  | { type: 'alarm'; alarm: StoredAlarm }
);

/** A row as it is in JSON, its times as text. */
type Json<T> = { [Name in keyof T]: T[Name] extends Date ? string : T[Name] extends Date | null ? string | null : T[Name] };

type PresenceBody = { state: StoredPresence['state']; session_id: string; at: string; reason: StoredPresence['reason'] };
type CommandBody = Json<Omit<CommandColumns, 'expected' | 'journal_id' | 'traceparent'>>;
type ConfigColumns = Parameters<typeof configFrom>[0];

type EventColumns = { event_id: number; feeder_id: string; at: Date } & (
  | { type: 'presence'; body: PresenceBody }
  | { type: 'command'; body: CommandBody }
  | { type: 'config'; body: Json<ConfigColumns> }
  | { type: 'meal'; body: Json<MealColumns> }
  | { type: 'alarm'; body: Json<AlarmColumns> }
);

const COLUMNS = 'event_id, type, feeder_id, at, body';

/** Whether an event is of a feeder that belongs to one of these sites, or did until it was removed; null for all. */
const isOfSites = (sites: string): string => `(${sites}::text[] IS NULL OR feeder_id IN (SELECT feeder_id FROM feeder WHERE site = ANY (${sites})))`;

const dateOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

function eventFrom(row: EventColumns): StoredEvent {
  const head = { eventId: row.event_id, feederId: row.feeder_id, atMs: row.at.getTime() };
  switch (row.type) {
    case 'presence': {
      const { state, session_id, at, reason } = row.body;
      return { ...head, type: row.type, presence: { state, sessionId: session_id, atMs: Date.parse(at), reason } };
    }
    case 'command': {
      const { body } = row;
      const times = {
        issued_at: new Date(body.issued_at),
        expires_at: dateOrNull(body.expires_at),
        ended_at: dateOrNull(body.ended_at),
        read_at: dateOrNull(body.read_at),
      };
      const command = commandFrom({ ...body, ...times, expected: null, journal_id: null, traceparent: null });
      return { ...head, type: row.type, command };
    }
    case 'config': {
      const config = configFrom({ ...row.body, config_read_at: dateOrNull(row.body.config_read_at) });
      if (config === null) throw new Error(`expected a config in event ${head.eventId}`);
      return { ...head, type: row.type, config };
    }
    case 'meal':
      return { ...head, type: row.type, meal: mealFrom({ ...row.body, at: new Date(row.body.at) }) };
    case 'alarm': {
      const { body } = row;
      const times = {
        raised_at: new Date(body.raised_at),
        cleared_at: dateOrNull(body.cleared_at),
        acknowledged_at: dateOrNull(body.acknowledged_at),
      };
      return { ...head, type: row.type, alarm: alarmFrom({ ...body, ...times }) };
    }
    default:
      // Of a later bridge, perhaps.
      throw new Error('expected a type that is known');
  }
}

/** From how many numbers those of a batch are drawn. */
const SPREAD = 20_000;

/**
 * Gives up to `limit` of the events that are committed, and have no number yet, the next numbers, and tells how many.
 * What is committed later gets a higher number, whenever it began. Numbers are above `floorId`, and drawn from the
 * next 20,000: what they are tells nobody how much else happened.
 */
export async function numberEvents(db: Queryable, floorId: number, storedAtMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    {
      name: 'number-events',
      text: `WITH taken AS (
         DELETE FROM event_outbox
         WHERE event_outbox_id IN (SELECT event_outbox_id FROM event_outbox ORDER BY event_outbox_id LIMIT $3)
         RETURNING event_outbox_id, type, feeder_id, at, body
       ),
       placed AS (SELECT *, row_number() OVER (ORDER BY event_outbox_id) AS place FROM taken),
       drawn AS (SELECT number, row_number() OVER (ORDER BY number) AS place FROM (SELECT floor(random() * $4::integer)::bigint AS number FROM taken) AS draw)
       INSERT INTO event (event_id, type, feeder_id, at, body, stored_at)
       SELECT greatest((SELECT max(event_id) FROM event), $1) + number + place, type, feeder_id, at, body, $2
       FROM placed JOIN drawn USING (place)`,
    },
    [floorId, new Date(storedAtMs), limit, SPREAD],
  );
  return rowCount;
}

/** The newest event's number; 0 where nothing has happened yet. */
export async function selectNewestEventId(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ newest: number | null }>('SELECT max(event_id) AS newest FROM event');
  return rows[0]?.newest ?? 0;
}

/** The newest event's number up to another one; 0 where there is none. */
export async function selectNewestEventIdThrough(db: Queryable, throughId: number): Promise<number> {
  const { rows } = await db.query<{ newest: number | null }>('SELECT max(event_id) AS newest FROM event WHERE event_id <= $1', [throughId]);
  return rows[0]?.newest ?? 0;
}

/** The number of the event that is `count` events after another one; undefined where there are not so many. */
export async function selectEventIdAhead(db: Queryable, afterId: number, count: number): Promise<number | undefined> {
  const { rows } = await db.query<{ event_id: number }>(
    'SELECT event_id FROM event WHERE event_id > $1 ORDER BY event_id OFFSET $2 LIMIT 1',
    [afterId, count - 1],
  );
  return rows[0]?.event_id;
}

/** Whether an event of that number is kept, and is of one of these sites, undefined for all; the beginning of all is of each. */
export async function isEventKept(db: Queryable, eventId: number, sites?: readonly string[]): Promise<boolean> {
  const { rows } = await db.query(`SELECT FROM event WHERE event_id = $1 AND (event_id = 0 OR ${isOfSites('$2')})`, [eventId, sites ?? null]);
  return rows.length > 0;
}

/** Which events are asked for: those after `afterId`, up to `throughId`; of some feeders and types, where these are given. */
export type AskedEvents = {
  afterId: number;
  throughId: number;
  feederIds?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  /** Of these sites alone. */
  sites?: readonly string[] | undefined;
};

/** Events in their order. Those that cannot be understood are left out, and told in `problems`. */
export type EventPage = {
  events: StoredEvent[];
  problems: unknown[];
  /** How far it goes: all that is asked for up to this one is in it. */
  throughId: number;
};

/** The next events, `limit` at most. */
export async function selectEvents(db: Queryable, asked: AskedEvents, limit: number): Promise<EventPage> {
  const { rows } = await db.query<EventColumns>(
    `SELECT ${COLUMNS} FROM event
     WHERE event_id > $1 AND event_id <= $2 AND ($3::text[] IS NULL OR feeder_id = ANY ($3)) AND ($4::text[] IS NULL OR type = ANY ($4))
       AND ${isOfSites('$5')}
     ORDER BY event_id LIMIT $6`,
    [asked.afterId, asked.throughId, asked.feederIds ?? null, asked.types ?? null, asked.sites ?? null, limit],
  );
  const page: EventPage = { events: [], problems: [], throughId: asked.throughId };
  for (const row of rows) {
    try {
      page.events.push(eventFrom(row));
    } catch (error) {
      page.problems.push(new Error(`expected event ${row.event_id} to be a ${row.type} that can be understood; it is left out`, { cause: error }));
    }
  }
  if (rows.length === limit) page.throughId = rows.at(-1)?.event_id ?? asked.throughId;
  return page;
}

/**
 * Removes those of the `limit` oldest events that were stored before a time, and tells how many. The newest one stays: the
 * next number comes after it.
 */
export async function purgeEvents(db: Queryable, storedBeforeMs: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM event
     WHERE event_id IN (SELECT event_id FROM event ORDER BY event_id LIMIT $2)
       AND event_id < (SELECT max(event_id) FROM event) AND stored_at < $1`,
    [new Date(storedBeforeMs), limit],
  );
  return rowCount;
}
