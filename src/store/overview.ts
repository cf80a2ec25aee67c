import type { Values } from '../../topics/parameters.ts';
import { alarmFrom, type AlarmColumns, type StoredAlarm } from './alarms.ts';
import type { Queryable } from './database.ts';
import type { StoredMeal } from './meal-history.ts';
import type { PresenceChange } from './presence-changes.ts';

/** What an overview of feeders is made of: for many of them in one statement, each by an index. */

/** A feeder and a span of its time. */
export type FeederSpan = { feederId: string; fromMs: number; toMs: number };

const ASKED_SPANS = 'unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) AS asked (feeder_id, from_at, to_at)';
const spanValues = (asked: readonly FeederSpan[]): unknown[] => [
  asked.map(({ feederId }) => feederId),
  asked.map(({ fromMs }) => new Date(fromMs)),
  asked.map(({ toMs }) => new Date(toMs)),
];

/** What a feeder's meals come to. */
export type Fed = { feederId: string; meals: number; grams: number };

/** What each feeder was fed in its span; those that were not are absent. */
export async function selectFed(db: Queryable, asked: readonly FeederSpan[]): Promise<Fed[]> {
  const { rows } = await db.query<Fed>(
    `SELECT asked.feeder_id AS "feederId", fed.*
     FROM ${ASKED_SPANS}
     CROSS JOIN LATERAL (
       SELECT sum(count) AS meals, sum(grams) AS grams FROM meal WHERE meal.feeder_id = asked.feeder_id AND at >= from_at AND at < to_at
     ) AS fed
     WHERE fed.meals IS NOT NULL`,
    spanValues(asked),
  );
  return rows;
}

/** When a feeder was last fed. */
export type LastMeal = Pick<StoredMeal, 'feederId' | 'atMs' | 'grams' | 'count' | 'source'>;

/** The last meal of each feeder; of a feeder that was never fed there is none. */
export async function selectLastMeals(db: Queryable, feederIds: readonly string[]): Promise<LastMeal[]> {
  const { rows } = await db.query<Omit<LastMeal, 'atMs'> & { at: Date }>(
    `SELECT asked.feeder_id AS "feederId", last.*
     FROM unnest($1::text[]) AS asked (feeder_id)
     CROSS JOIN LATERAL (
       SELECT at, grams, count, source FROM meal
       WHERE meal.feeder_id = asked.feeder_id AND (count > 0 OR grams > 0) ORDER BY at DESC, meal_id DESC LIMIT 1
     ) AS last`,
    [feederIds],
  );
  return rows.map(({ at, ...meal }) => ({ ...meal, atMs: at.getTime() }));
}

/** A feed-now that fed, or may have. */
export type LastDose = {
  feederId: string;
  atMs: number;
  grams: number;
  commandId: string;
  /** The PLC's counters show it; else its command alone tells of it, and the grams are those that it asked for. */
  isCounted: boolean;
};

/**
 * The last dose of each feeder: the newest among the meals by feed-now, or a newer command that fed or may have fed, and that
 * no meal is told of yet.
 */
export async function selectLastDoses(db: Queryable, feederIds: readonly string[]): Promise<LastDose[]> {
  const { rows } = await db.query<Omit<LastDose, 'atMs'> & { at: Date }>(
    `SELECT asked.feeder_id AS "feederId", last.*
     FROM unnest($1::text[]) AS asked (feeder_id)
     CROSS JOIN LATERAL (
       (SELECT at, grams, command_id AS "commandId", true AS "isCounted" FROM meal
        WHERE meal.feeder_id = asked.feeder_id AND source = 'feed-now' AND command_id IS NOT NULL ORDER BY at DESC, meal_id DESC LIMIT 1)
       UNION ALL
       (SELECT coalesce(read_at, ended_at, issued_at), grams, command_id::text, false FROM command
        WHERE command.feeder_id = asked.feeder_id AND kind = 'feed-now' AND state IN ('sent', 'applied', 'indeterminate')
          AND NOT EXISTS (SELECT FROM meal WHERE meal.feeder_id = asked.feeder_id AND meal.command_id = command.command_id::text)
          -- Older ones need not be looked through: they are not the last. An hour is more than any dose takes.
          AND issued_at > coalesce((SELECT max(at) FROM meal WHERE meal.feeder_id = asked.feeder_id AND source = 'feed-now'), '-infinity')
                          - interval '1 hour'
        ORDER BY issued_at DESC, command_id DESC LIMIT 1)
       ORDER BY at DESC LIMIT 1
     ) AS last`,
    [feederIds],
  );
  return rows.map(({ at, ...dose }) => ({ ...dose, atMs: at.getTime() }));
}

/** A config that a feeder's PLC held from a moment on. */
export type HeldConfig = { feederId: string; atMs: number; values: Values };

/**
 * The configs that each feeder's PLC held in its span, oldest first, the newest `most` of each; the first of them may be from
 * before.
 */
export async function selectHeldConfigs(db: Queryable, asked: readonly FeederSpan[], most: number): Promise<HeldConfig[]> {
  const { rows } = await db.query<{ feeder_id: string; at: Date; config_values: Values }>(
    `SELECT asked.feeder_id, held.at, held.config_values
     FROM ${ASKED_SPANS}
     CROSS JOIN LATERAL (
       (SELECT at, config_change_id, config_values FROM config_change
        WHERE config_change.feeder_id = asked.feeder_id AND at > from_at AND at < to_at ORDER BY at DESC, config_change_id DESC LIMIT $4)
       UNION ALL
       (SELECT at, config_change_id, config_values FROM config_change
        WHERE config_change.feeder_id = asked.feeder_id AND at <= from_at ORDER BY at DESC, config_change_id DESC LIMIT 1)
       ORDER BY at DESC, config_change_id DESC LIMIT $4
     ) AS held
     ORDER BY at, config_change_id`,
    [...spanValues(asked), most],
  );
  return rows.map(({ feeder_id, at, config_values }) => ({ feederId: feeder_id, atMs: at.getTime(), values: config_values }));
}

/** A change of presence of one feeder. */
export type FeederPresenceChange = Pick<PresenceChange, 'atMs' | 'state' | 'unwatchedSinceMs'> & { feederId: string };

/** The changes of presence of each feeder since a time, newest first, the newest `most` of each; the last of them may be from before. */
export async function selectPresenceSince(db: Queryable, feederIds: readonly string[], sinceMs: number, most: number): Promise<FeederPresenceChange[]> {
  const { rows } = await db.query<{ feeder_id: string; at: Date; state: PresenceChange['state']; unwatched_since: Date | null }>(
    `SELECT asked.feeder_id, change.at, change.state, change.unwatched_since
     FROM unnest($1::text[]) AS asked (feeder_id)
     CROSS JOIN LATERAL (
       (SELECT at, presence_change_id, state, unwatched_since FROM presence_change
        WHERE presence_change.feeder_id = asked.feeder_id AND at > $2 ORDER BY at DESC, presence_change_id DESC LIMIT $3)
       UNION ALL
       (SELECT at, presence_change_id, state, unwatched_since FROM presence_change
        WHERE presence_change.feeder_id = asked.feeder_id AND at <= $2 ORDER BY at DESC, presence_change_id DESC LIMIT 1)
       ORDER BY at DESC, presence_change_id DESC LIMIT $3
     ) AS change
     ORDER BY at DESC, presence_change_id DESC`,
    [feederIds, new Date(sinceMs), most],
  );
  return rows.map(({ feeder_id, at, state, unwatched_since }) => ({
    feederId: feeder_id,
    atMs: at.getTime(),
    state,
    unwatchedSinceMs: unwatched_since?.getTime() ?? null,
  }));
}

/** An open alarm, and how many are open of its feeder. */
export type OpenAlarmOfMany = { alarm: StoredAlarm; openCount: number };

/** The open alarms of these feeders, the worst first and then the newest, `most` of each. */
export async function selectWorstAlarms(db: Queryable, feederIds: readonly string[], most: number): Promise<OpenAlarmOfMany[]> {
  const { rows } = await db.query<AlarmColumns & { open_count: number }>(
    `SELECT * FROM (
       SELECT *, count(*) OVER (PARTITION BY feeder_id) AS open_count,
              row_number() OVER (
                PARTITION BY feeder_id ORDER BY array_position(ARRAY['critical', 'warning', 'info'], severity), raised_at DESC, alarm_id DESC
              ) AS place
       FROM alarm WHERE feeder_id = ANY ($1) AND cleared_at IS NULL
     ) AS open
     WHERE place <= $2 ORDER BY feeder_id, place`,
    [feederIds, most],
  );
  return rows.map((row) => ({ alarm: alarmFrom(row), openCount: row.open_count }));
}
