-- Up Migration

CREATE TABLE api_key (
  name text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  key_sha256 bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL
);

-- A feeder's row outlives its removal: the version counter must never start again for an id that comes back.
CREATE TABLE feeder (
  feeder_id text PRIMARY KEY,
  name text NOT NULL,
  site text NOT NULL,
  time_zone text NOT NULL,
  token_sha256 bytea NOT NULL,
  enrolled_at timestamptz NOT NULL,
  removed_at timestamptz,

  -- The highest version ever allocated or heard of.
  version_counter integer NOT NULL DEFAULT 0,
  -- Config commands without an outcome; kept here so that the row's own lock decides If-Match.
  unsettled_config integer NOT NULL DEFAULT 0 CHECK (unsettled_config >= 0),

  config_version integer,
  config_values jsonb,
  -- When each of the values was read, in milliseconds since 1970.
  config_values_at jsonb,
  -- The latest of those times.
  config_read_at timestamptz,
  config_source text CHECK (config_source IN ('start', 'command', 'local')),
  -- The highest command version that the agent has applied, as it says.
  config_agent_version integer,
  profile jsonb,
  -- The journal of its agent, as its last session told it.
  journal_id text,

  presence_state text NOT NULL DEFAULT 'offline' CHECK (presence_state IN ('online', 'offline')),
  presence_session_id text,
  presence_epoch bigint,
  presence_at timestamptz,
  presence_reason text,
  last_seen_at timestamptz
);

CREATE TYPE config_reading AS (held jsonb, held_at jsonb);

-- What is held after a reading of some or all values: for each name the later reading stands, whichever came first. A
-- whole reading lets go of the names it has not.
CREATE FUNCTION merge_reading(held jsonb, held_at jsonb, reading jsonb, read_at bigint, is_whole boolean)
RETURNS config_reading LANGUAGE sql IMMUTABLE AS $$
  SELECT ROW (coalesce(jsonb_object_agg(name, value), '{}'), coalesce(jsonb_object_agg(name, at), '{}'))::config_reading
  FROM (
    SELECT key AS name, value, read_at AS at FROM jsonb_each(reading)
    WHERE read_at >= coalesce((held_at ->> key)::bigint, read_at)
    UNION ALL
    SELECT key, value, (held_at ->> key)::bigint FROM jsonb_each(held)
    WHERE (held_at ->> key)::bigint > read_at OR NOT (is_whole OR reading ? key)
  ) AS latest
$$;

CREATE TABLE command (
  command_id uuid PRIMARY KEY,
  feeder_id text NOT NULL REFERENCES feeder,
  kind text NOT NULL CHECK (kind IN ('set-config', 'feed-now', 'clear-alarms')),
  -- 'sent' until the outcome is known; 'unresolved' is 'sent' past its deadline and is not stored.
  state text NOT NULL CHECK
    (state IN ('sent', 'applied', 'rejected', 'expired', 'superseded', 'indeterminate', 'refused')),
  version integer,
  changes jsonb,
  expected jsonb,
  grams double precision,
  journal_id text,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz,
  ended_at timestamptz,
  read_at timestamptz,
  read_back jsonb,
  previous jsonb,
  reason jsonb,
  -- Acks that came after the first final one.
  later_acks integer NOT NULL DEFAULT 0
);
CREATE INDEX command_by_feeder ON command (feeder_id, issued_at DESC, command_id DESC);
CREATE INDEX command_unsettled ON command (feeder_id, issued_at) WHERE state = 'sent';

CREATE TABLE idempotency_key (
  api_key text NOT NULL,
  method text NOT NULL,
  path text NOT NULL,
  idempotency_key text NOT NULL,
  body_sha256 bytea NOT NULL,
  command_id uuid NOT NULL REFERENCES command,
  created_at timestamptz NOT NULL,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (api_key, method, path, idempotency_key)
);
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);

-- What an agent sent that could not be understood, kept so that someone can find out why.
CREATE TABLE quarantined_message (
  quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  feeder_id text NOT NULL,
  topic text NOT NULL,
  payload bytea NOT NULL,
  problem text NOT NULL,
  received_at timestamptz NOT NULL
);
