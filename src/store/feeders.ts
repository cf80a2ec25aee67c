import type { Profile } from '../../topics/payloads.ts';
import type { Values } from '../../topics/parameters.ts';
import { clearAlarmsOfRemoved } from './alarms.ts';
import type { Queryable } from './database.ts';

/** A feeder's config as last read from its PLC; times in milliseconds since 1970. */
export type ReportedConfig = {
  version: number;
  values: Values;
  readAtMs: number;
  source: 'start' | 'command' | 'local';
  /** The highest command version that the agent has applied, as it says. */
  agentVersion: number;
};

export type StoredPresence = {
  state: 'online' | 'offline';
  sessionId: string;
  epoch: number;
  atMs: number;
  reason: 'connected' | 'shutdown' | 'connection-lost' | 'lease-expired';
};

/** The thresholds of the bridge's own alarms, as far as they are not the default; null: off. */
export type StoredThresholds = Readonly<Record<string, number | null>>;

/** The token that a feeder had before the present one, and until when it is good. */
export type PreviousToken = { sha256: Buffer; untilMs: number };

/** An enrolled feeder as it is stored. */
export type FeederRow = {
  feederId: string;
  name: string;
  site: string;
  timeZone: string;
  tokenSha256: Buffer;
  previousToken: PreviousToken | null;
  profile: Profile | null;
  config: ReportedConfig | null;
  journalId: string | null;
  alarmThresholds: StoredThresholds;
  presence: StoredPresence | null;
  lastSeenAtMs: number | null;
};

export type Enrolment = {
  feederId: string;
  name: string;
  site: string;
  timeZone: string;
  tokenSha256: Buffer;
  enrolledAtMs: number;
};

/** Enrols a feeder, or one that was removed and comes back with its version counter; false where it is enrolled. */
export async function insertFeeder(db: Queryable, enrolment: Enrolment): Promise<boolean> {
  const { feederId, name, site, timeZone, tokenSha256, enrolledAtMs } = enrolment;
  const { rows } = await db.query(
    `INSERT INTO feeder (feeder_id, name, site, time_zone, token_sha256, enrolled_at)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (feeder_id) DO UPDATE
       SET name = $2, site = $3, time_zone = $4, token_sha256 = $5, enrolled_at = $6, removed_at = NULL,
           config_version = NULL, config_values = NULL, config_values_at = NULL, config_read_at = NULL,
           config_source = NULL, config_agent_version = NULL, profile = NULL, journal_id = NULL, alarm_thresholds = '{}', last_seen_at = NULL,
           previous_token_sha256 = NULL, previous_token_until = NULL, claim_code_sha256 = NULL, claim_code_until = NULL
       WHERE feeder.removed_at IS NOT NULL
     RETURNING feeder_id`,
    [feederId, name, site, timeZone, tokenSha256, new Date(enrolledAtMs)],
  );
  return rows.length > 0;
}

/**
 * Marks a feeder as removed, keeping its history and version counter, and clears its alarms. With `unlessPending` a feeder
 * with commands that have no outcome is left as it is, and false is returned. Wants a transaction.
 */
export async function removeFeeder(tx: Queryable, feederId: string, removedAtMs: number, unlessPending: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE feeder SET removed_at = $2, presence_state = 'offline',
            previous_token_sha256 = NULL, previous_token_until = NULL, claim_code_sha256 = NULL, claim_code_until = NULL
     WHERE feeder_id = $1 AND removed_at IS NULL
       AND NOT ($3 AND EXISTS (SELECT FROM command WHERE command.feeder_id = $1 AND state = 'sent'))`,
    [feederId, new Date(removedAtMs), unlessPending],
  );
  if (rowCount > 0) await clearAlarmsOfRemoved(tx, removedAtMs);
  return rowCount > 0;
}

/** Stores what a feeder says it is. */
export async function updateProfile(db: Queryable, feederId: string, profile: Profile): Promise<void> {
  await db.query('UPDATE feeder SET profile = $2 WHERE feeder_id = $1 AND removed_at IS NULL', [feederId, profile]);
}

/** A config report: all values an agent read, and the highest command version it ever applied. */
export type Report = Omit<ReportedConfig, 'version'>;

type ConfigColumns = {
  config_version: number | null;
  config_values: Values | null;
  config_read_at: Date | null;
  config_source: 'start' | 'command' | 'local' | null;
  config_agent_version: number | null;
};

/** The config in a row that has one. */
export function configFrom(row: ConfigColumns): ReportedConfig | null {
  const { config_version, config_values, config_read_at, config_source } = row;
  if (config_version === null || config_values === null || config_read_at === null || config_source === null) {
    return null;
  }
  return {
    version: config_version,
    values: config_values,
    readAtMs: config_read_at.getTime(),
    source: config_source,
    agentVersion: row.config_agent_version ?? 0,
  };
}

const CONFIG_COLUMNS = 'config_version, config_values, config_read_at, config_source, config_agent_version';

/**
 * Stores a report and returns the config as it then stands: for each value the later reading. Values that changed move
 * the version: to the agent's own where the report follows a command of that version, else to a new one. The counter
 * is raised above anything the agent has heard of, so that a lost database cannot stop an agent.
 */
export async function mergeReport(db: Queryable, feederId: string, report: Report): Promise<ReportedConfig | null> {
  const { rows } = await db.query<ConfigColumns>(
    `WITH judged AS (
       SELECT feeder_id, config_values AS former,
              merge_reading(config_values, config_values_at, $2, $4, true) AS merged,
              $5 = 'command' AND $3 > coalesce(config_version, 0) AS of_command,
              greatest(version_counter, $3) AS counter
       FROM feeder WHERE feeder_id = $1 AND removed_at IS NULL FOR UPDATE
     ), decided AS (
       SELECT *, (merged).held IS DISTINCT FROM former AS changed FROM judged
     )
     UPDATE feeder SET
       version_counter = CASE WHEN changed AND NOT of_command THEN counter + 1 ELSE counter END,
       config_version = CASE WHEN of_command THEN $3 WHEN changed THEN counter + 1 ELSE config_version END,
       config_values = (merged).held,
       config_values_at = (merged).held_at,
       config_read_at = greatest(config_read_at, $6),
       config_source = CASE WHEN changed THEN $5 ELSE config_source END,
       config_agent_version = greatest(config_agent_version, $3)
     FROM decided WHERE feeder.feeder_id = decided.feeder_id
     RETURNING ${CONFIG_COLUMNS}`,
    [feederId, report.values, report.agentVersion, report.readAtMs, report.source, new Date(report.readAtMs)],
  );
  const [row] = rows;
  return row ? configFrom(row) : null;
}

/** A feeder's config as it stands; null where none was reported. */
export async function selectConfig(db: Queryable, feederId: string): Promise<ReportedConfig | null> {
  const { rows } = await db.query<ConfigColumns>(`SELECT ${CONFIG_COLUMNS} FROM feeder WHERE feeder_id = $1`, [feederId]);
  const [row] = rows;
  return row ? configFrom(row) : null;
}

/** Stores the journal of a feeder's agent, as its session told it. */
export async function updateJournal(db: Queryable, feederId: string, journalId: string): Promise<void> {
  await db.query('UPDATE feeder SET journal_id = $2 WHERE feeder_id = $1', [feederId, journalId]);
}

/** Changes some thresholds of a feeder, and lets go of those that are the default again; tells what is stored then. */
export async function updateAlarmThresholds(
  db: Queryable,
  feederId: string,
  changes: StoredThresholds,
  defaultAgain: readonly string[],
): Promise<StoredThresholds | undefined> {
  const { rows } = await db.query<{ alarm_thresholds: StoredThresholds }>(
    `UPDATE feeder SET alarm_thresholds = (alarm_thresholds || $2) - $3::text[]
     WHERE feeder_id = $1 AND removed_at IS NULL RETURNING alarm_thresholds`,
    [feederId, JSON.stringify(changes), defaultAgain],
  );
  return rows[0]?.alarm_thresholds;
}

/** Raises a feeder's version counter to one that its agent has heard of. */
export async function raiseVersionCounter(db: Queryable, feederId: string, version: number): Promise<void> {
  await db.query('UPDATE feeder SET version_counter = $2 WHERE feeder_id = $1 AND version_counter < $2', [
    feederId,
    version,
  ]);
}

/** Stores when feeders were last seen, where that is known, many in one statement. */
export async function updateLastSeen(db: Queryable, rows: readonly { feederId: string; atMs: number | null }[]): Promise<void> {
  await db.query(
    `UPDATE feeder SET last_seen_at = seen.at FROM unnest($1::text[], $2::timestamptz[]) AS seen (feeder_id, at)
     WHERE feeder.feeder_id = seen.feeder_id AND seen.at IS NOT NULL`,
    [rows.map(({ feederId }) => feederId), rows.map(({ atMs }) => (atMs === null ? null : new Date(atMs)))],
  );
}

/** Stores presence and last-seen times, many feeders in one statement; an older session's never replaces a newer's. */
export async function updatePresence(
  db: Queryable,
  rows: readonly (StoredPresence & { feederId: string; lastSeenAtMs: number | null })[],
): Promise<void> {
  await db.query(
    `UPDATE feeder SET presence_state = told.state, presence_session_id = told.session_id,
            presence_epoch = told.epoch, presence_at = told.at, presence_reason = told.reason,
            last_seen_at = coalesce(told.last_seen_at, feeder.last_seen_at)
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::text[], $7::timestamptz[])
       AS told (feeder_id, state, session_id, epoch, at, reason, last_seen_at)
     WHERE feeder.feeder_id = told.feeder_id AND coalesce(feeder.presence_epoch, 0) <= told.epoch`,
    [
      rows.map((row) => row.feederId),
      rows.map((row) => row.state),
      rows.map((row) => row.sessionId),
      rows.map((row) => row.epoch),
      rows.map((row) => new Date(row.atMs)),
      rows.map((row) => row.reason),
      rows.map((row) => (row.lastSeenAtMs === null ? null : new Date(row.lastSeenAtMs))),
    ],
  );
}

type FeederColumns = ConfigColumns & {
  feeder_id: string;
  name: string;
  site: string;
  time_zone: string;
  token_sha256: Buffer;
  previous_token_sha256: Buffer | null;
  previous_token_until: Date | null;
  profile: Profile | null;
  journal_id: string | null;
  alarm_thresholds: StoredThresholds;
  presence_state: 'online' | 'offline';
  presence_session_id: string | null;
  presence_epoch: number | null;
  presence_at: Date | null;
  presence_reason: StoredPresence['reason'] | null;
  last_seen_at: Date | null;
};

function presenceFrom(row: FeederColumns): StoredPresence | null {
  const { presence_state, presence_session_id, presence_epoch, presence_at, presence_reason } = row;
  if (presence_session_id === null || presence_epoch === null || presence_at === null || presence_reason === null) {
    return null;
  }
  return {
    state: presence_state,
    sessionId: presence_session_id,
    epoch: presence_epoch,
    atMs: presence_at.getTime(),
    reason: presence_reason,
  };
}

const previousTokenFrom = ({ previous_token_sha256: sha256, previous_token_until: until }: FeederColumns): PreviousToken | null =>
  sha256 === null || until === null ? null : { sha256, untilMs: until.getTime() };

/** Every feeder that ever was, and the site it belongs to or belonged to until it was removed. */
export async function selectSites(db: Queryable): Promise<{ feederId: string; site: string }[]> {
  const { rows } = await db.query<{ feeder_id: string; site: string }>('SELECT feeder_id, site FROM feeder');
  return rows.map(({ feeder_id, site }) => ({ feederId: feeder_id, site }));
}

/** Every enrolled feeder. */
export async function selectFeeders(db: Queryable): Promise<FeederRow[]> {
  const { rows } = await db.query<FeederColumns>('SELECT * FROM feeder WHERE removed_at IS NULL ORDER BY feeder_id');
  return rows.map((row) => ({
    feederId: row.feeder_id,
    name: row.name,
    site: row.site,
    timeZone: row.time_zone,
    tokenSha256: row.token_sha256,
    previousToken: previousTokenFrom(row),
    profile: row.profile,
    config: configFrom(row),
    journalId: row.journal_id,
    alarmThresholds: row.alarm_thresholds,
    presence: presenceFrom(row),
    lastSeenAtMs: row.last_seen_at?.getTime() ?? null,
  }));
}
