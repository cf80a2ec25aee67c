-- Up Migration

-- What differs from the default thresholds of the bridge's own alarms.
ALTER TABLE feeder ADD COLUMN alarm_thresholds jsonb NOT NULL DEFAULT '{}';

CREATE TABLE webhook (
  webhook_id uuid PRIMARY KEY,
  url text NOT NULL,
  -- Signs what is sent, so it must be kept as it is.
  secret text NOT NULL,
  -- Null: all of them.
  sites text[],
  severities text[],
  types text[],
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE email_contact (
  email_contact_id uuid PRIMARY KEY,
  -- Who hears first, and who next where nobody acknowledges.
  addresses text[] NOT NULL,
  escalate_after_minutes integer NOT NULL,
  sites text[],
  severities text[],
  created_by text NOT NULL,
  created_at timestamptz NOT NULL
);

-- One for each alarm raised or cleared and each webhook or address that is to hear of it.
CREATE TABLE notice (
  notice_id uuid PRIMARY KEY,
  webhook_id uuid REFERENCES webhook ON DELETE CASCADE,
  email_contact_id uuid REFERENCES email_contact ON DELETE CASCADE,
  -- Which of the contact's addresses, from 0.
  step integer NOT NULL DEFAULT 0,
  alarm_id uuid NOT NULL REFERENCES alarm,
  moment text NOT NULL CHECK (moment IN ('raised', 'cleared')),
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up')),
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_attempt_at timestamptz,
  -- What became of the last attempt, in words.
  last_result text,
  UNIQUE NULLS NOT DISTINCT (webhook_id, email_contact_id, step, alarm_id, moment)
);
CREATE INDEX notice_waiting ON notice (next_attempt_at) WHERE state = 'waiting';
