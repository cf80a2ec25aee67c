-- Up Migration

-- None of these tables refers to `feeder` by a foreign key: its rows are never deleted, and the locks that the keys take would
-- hold up every command of a feeder until the transaction that stores its history ends.

-- Which records of each spool are dealt with: stored, or put in quarantine. One row holds them all, so that a record that
-- comes again is known whatever its time.
CREATE TABLE record_spool (
  feeder_id text NOT NULL,
  spool_id text NOT NULL,
  seqs int8multirange NOT NULL DEFAULT '{}',
  first_at timestamptz NOT NULL,
  PRIMARY KEY (feeder_id, spool_id)
);

-- Partitioned by month (UTC); the partitions are made when a reading asks for one, and dropped by age.
CREATE TABLE reading (
  feeder_id text NOT NULL,
  at timestamptz NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  reading_values jsonb NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX reading_by_feeder ON reading (feeder_id, at);

-- What the readings of 5, 30 and 180 minutes come to, partitioned as they are: {name: [count, sum, min, max]}, where
-- booleans count as 0 and 1. One row for all names: a reading touches four rows, however many values it has.
CREATE TABLE reading_bucket (
  feeder_id text NOT NULL,
  minutes smallint NOT NULL,
  starts_at timestamptz NOT NULL,
  stats jsonb NOT NULL,
  PRIMARY KEY (feeder_id, minutes, starts_at)
) PARTITION BY RANGE (starts_at);

-- The same by day of the site's time zone; kept for good.
CREATE TABLE reading_daily (
  feeder_id text NOT NULL,
  day date NOT NULL,
  stats jsonb NOT NULL,
  PRIMARY KEY (feeder_id, day)
);

-- What both come to together; in the language whose statements are planned once for each connection.
CREATE FUNCTION merge_stats(held jsonb, more jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN held || (
    SELECT coalesce(jsonb_object_agg(name, CASE WHEN h IS NULL THEN m ELSE jsonb_build_array(
      (h -> 0)::bigint + (m -> 0)::bigint,
      (h -> 1)::double precision + (m -> 1)::double precision,
      least((h -> 2)::double precision, (m -> 2)::double precision),
      greatest((h -> 3)::double precision, (m -> 3)::double precision)
    ) END), '{}')
    FROM (SELECT key AS name, value AS m, held -> key AS h FROM jsonb_each(more)) AS both_of
  );
END
$$;

-- Both by name, as they are asked for.
CREATE VIEW reading_rollup AS
  SELECT feeder_id, name, minutes, starts_at, (stat -> 0)::integer AS count, (stat -> 1)::double precision AS sum,
         (stat -> 2)::double precision AS min, (stat -> 3)::double precision AS max
  FROM reading_bucket, jsonb_each(stats) AS s (name, stat);
CREATE VIEW reading_day AS
  SELECT feeder_id, name, day, (stat -> 0)::integer AS count, (stat -> 1)::double precision AS sum,
         (stat -> 2)::double precision AS min, (stat -> 3)::double precision AS max
  FROM reading_daily, jsonb_each(stats) AS s (name, stat);

-- A record makes one row, or several where it covers what is told apart only here (`part` counts them).
CREATE TABLE meal (
  meal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feeder_id text NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  part integer NOT NULL DEFAULT 0,
  at timestamptz NOT NULL,
  count bigint NOT NULL,
  grams double precision NOT NULL,
  planned_grams double precision,
  count_total bigint NOT NULL,
  total_grams double precision NOT NULL,
  source text NOT NULL CHECK (source IN ('schedule', 'feed-now', 'panel')),
  command_id text,
  -- Not told by an agent as a meal: the difference between the PLC's counters and what was known.
  is_booked boolean NOT NULL DEFAULT false,
  UNIQUE (feeder_id, spool_id, seq, part)
);
CREATE INDEX meal_by_feeder ON meal (feeder_id, at DESC, meal_id DESC);
CREATE INDEX meal_by_command ON meal (feeder_id, command_id) WHERE command_id IS NOT NULL;

-- The PLC's meal counters as last booked, and by which record.
CREATE TABLE meal_counter (
  feeder_id text PRIMARY KEY,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  count_total double precision NOT NULL,
  total_grams double precision NOT NULL,
  -- Where they begin again from 0.
  count_wraps_at double precision NOT NULL,
  total_grams_wraps_at double precision NOT NULL,
  -- When that was, on the bridge's clock: what was known before a feeder's removal says nothing after its return.
  booked_at timestamptz NOT NULL
);

CREATE TABLE config_change (
  config_change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feeder_id text NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  source text NOT NULL CHECK (source IN ('start', 'command', 'local')),
  config_values jsonb NOT NULL,
  UNIQUE (feeder_id, spool_id, seq)
);
CREATE INDEX config_change_by_feeder ON config_change (feeder_id, at DESC);

CREATE TABLE plc_change (
  feeder_id text NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('ok', 'unreachable')),
  PRIMARY KEY (feeder_id, spool_id, seq)
);
CREATE INDEX plc_change_by_feeder ON plc_change (feeder_id, at DESC);

-- What agents had to let go of.
CREATE TABLE dropped_records (
  feeder_id text NOT NULL,
  spool_id text NOT NULL,
  seq bigint NOT NULL,
  at timestamptz NOT NULL,
  why text NOT NULL,
  counts jsonb NOT NULL,
  from_seq bigint NOT NULL,
  through_seq bigint NOT NULL,
  PRIMARY KEY (feeder_id, spool_id, seq)
);

CREATE TABLE presence_change (
  presence_change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feeder_id text NOT NULL,
  at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('online', 'offline')),
  session_id text NOT NULL,
  epoch bigint NOT NULL,
  reason text NOT NULL,
  -- Since when nobody watched, where a bridge found the change when it started: till then what held before it held.
  unwatched_since timestamptz,
  UNIQUE (feeder_id, epoch, session_id, state, at)
);
CREATE INDEX presence_change_by_feeder ON presence_change (feeder_id, at DESC, presence_change_id DESC);

-- Raised and cleared, each once: by a bit of the PLC (origin 'plc') or found by the bridge ('bridge').
CREATE TABLE alarm (
  alarm_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  feeder_id text NOT NULL,
  name text NOT NULL,
  origin text NOT NULL CHECK (origin IN ('plc', 'bridge')),
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  -- What it is about, in words.
  detail text NOT NULL,
  raised_at timestamptz NOT NULL,
  cleared_at timestamptz,
  acknowledged_at timestamptz,
  -- The name of the key.
  acknowledged_by text
);
CREATE UNIQUE INDEX alarm_open ON alarm (feeder_id, origin, name) WHERE cleared_at IS NULL;
CREATE INDEX alarm_by_feeder ON alarm (feeder_id, raised_at DESC, alarm_id DESC);
CREATE INDEX alarm_by_end ON alarm (feeder_id, cleared_at) WHERE cleared_at IS NOT NULL;
CREATE INDEX alarm_by_age ON alarm (cleared_at) WHERE cleared_at IS NOT NULL;
-- Which lasted at a moment: of all feeders few do, however long ago it was.
CREATE INDEX alarm_lasting ON alarm USING gist (tstzrange(raised_at, cleared_at, '[]'));
