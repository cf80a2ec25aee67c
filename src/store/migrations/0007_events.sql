-- Up Migration

-- What happened, written in the transaction in which it happened, by triggers on the tables it happened to; the sequencer
-- moves it to `event`, whose numbers are therefore in commit order.
CREATE TABLE event_outbox (
  event_outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  type text NOT NULL CHECK (type IN ('presence', 'command', 'config', 'meal', 'alarm')),
  feeder_id text NOT NULL,
  at timestamptz NOT NULL,
  -- The row as it stood then.
  body jsonb NOT NULL
);

CREATE TABLE event (
  event_id bigint PRIMARY KEY,
  type text NOT NULL,
  feeder_id text NOT NULL,
  at timestamptz NOT NULL,
  body jsonb NOT NULL,
  stored_at timestamptz NOT NULL
);
