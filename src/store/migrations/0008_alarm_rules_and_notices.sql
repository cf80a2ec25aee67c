-- Up Migration

-- What differs from the default thresholds of the bridge's own alarms.
ALTER TABLE feeder ADD COLUMN alarm_thresholds jsonb NOT NULL DEFAULT '{}';

-- The config that a feeder had when the bridge last looked for changes that no command made, and those it found.
CREATE TABLE config_watch (
  feeder_id text PRIMARY KEY,
  at timestamptz NOT NULL,
  config_values jsonb NOT NULL,
  -- Those that are not settled yet: an array, mostly empty.
  deviations jsonb NOT NULL
);
CREATE INDEX config_watch_deviating ON config_watch (feeder_id) WHERE deviations <> '[]';
-- It has looked at those that are judged, in the same transaction.
ALTER TABLE config_change ADD COLUMN is_judged boolean NOT NULL DEFAULT false;
CREATE INDEX config_change_unjudged ON config_change (config_change_id) WHERE NOT is_judged;

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
  notice_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  webhook_id uuid REFERENCES webhook ON DELETE CASCADE,
  email_contact_id uuid REFERENCES email_contact ON DELETE CASCADE,
  -- Which of the contact's addresses, from 0.
  step integer NOT NULL DEFAULT 0,
  alarm_id uuid NOT NULL REFERENCES alarm ON DELETE CASCADE,
  moment text NOT NULL CHECK (moment IN ('raised', 'cleared')),
  -- In whole milliseconds, as cursors have it.
  made_at timestamptz NOT NULL DEFAULT date_trunc('milliseconds', now()),
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given-up')),
  -- Counted before each begins, so that what was tried is known after a crash.
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL,
  last_attempt_at timestamptz,
  -- What became of the last attempt, in words.
  last_result text,
  -- When the contact's next address is to hear; null where none is, or it was told to.
  escalates_at timestamptz,
  CHECK (num_nonnulls(webhook_id, email_contact_id) = 1),
  UNIQUE NULLS NOT DISTINCT (webhook_id, email_contact_id, step, alarm_id, moment)
);
CREATE INDEX notice_waiting ON notice (coalesce(webhook_id, email_contact_id), next_attempt_at) WHERE state = 'waiting';
CREATE INDEX notice_escalating ON notice (escalates_at) WHERE escalates_at IS NOT NULL;
CREATE INDEX notice_by_alarm ON notice (alarm_id);
CREATE INDEX notice_by_webhook ON notice (webhook_id, made_at DESC, notice_id DESC) WHERE webhook_id IS NOT NULL;
CREATE INDEX notice_by_age ON notice (made_at);

-- Notices are made where the alarm is, in its own transaction, so that no crash comes between.
CREATE FUNCTION make_raised_notices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO notice (webhook_id, email_contact_id, alarm_id, moment, next_attempt_at, escalates_at)
  SELECT webhook_id, email_contact_id, alarm_id, 'raised', due_at, due_at + escalates_after
  FROM raised
  JOIN feeder USING (feeder_id)
  JOIN (
    SELECT webhook_id, NULL::uuid AS email_contact_id, sites, severities, types, NULL::interval AS escalates_after FROM webhook
    UNION ALL
    SELECT NULL, email_contact_id, sites, severities, NULL,
           CASE WHEN cardinality(addresses) > 1 THEN make_interval(mins => escalate_after_minutes) END
    FROM email_contact
  ) AS hearer ON (sites IS NULL OR site = ANY (sites))
    AND (severities IS NULL OR severity = ANY (severities))
    AND (types IS NULL OR raised.name = ANY (types))
  CROSS JOIN LATERAL (
    SELECT CASE
      -- An old alarm comes with a backlog, whose rest may say that it is over: it waits for that.
      WHEN raised_at < now() - interval '1 hour'
      -- So does one that comes and goes, where its hearer was told of it lately: only if it stays it is told again.
        OR EXISTS (
          SELECT FROM alarm AS former
          WHERE former.feeder_id = raised.feeder_id AND former.cleared_at > raised.raised_at - interval '10 minutes'
            AND former.origin = raised.origin AND former.name = raised.name
        ) AND EXISTS (
          SELECT FROM alarm AS former JOIN notice AS told USING (alarm_id)
          WHERE former.feeder_id = raised.feeder_id AND former.cleared_at > raised.raised_at - interval '1 hour'
            AND former.origin = raised.origin AND former.name = raised.name
            AND (told.webhook_id = hearer.webhook_id OR told.email_contact_id = hearer.email_contact_id)
        )
      THEN now() + interval '5 minutes'
      ELSE now()
    END AS due_at
  ) AS due
  WHERE cleared_at IS NULL;
  RETURN NULL;
END
$$;
CREATE TRIGGER alarm_raised AFTER INSERT ON alarm REFERENCING NEW TABLE AS raised
  FOR EACH STATEMENT EXECUTE FUNCTION make_raised_notices();

-- Who cleared or acknowledged it knows: nobody else need be woken, and what nobody was told yet is taken back. Those that were
-- told, or perhaps were, hear that it is over.
CREATE FUNCTION make_cleared_notices() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  cleared uuid[];
  acknowledged uuid[];
BEGIN
  SELECT array_agg(alarm_id) FILTER (WHERE after.cleared_at IS NOT NULL AND before.cleared_at IS NULL),
         array_agg(alarm_id) FILTER (WHERE after.acknowledged_at IS NOT NULL AND before.acknowledged_at IS NULL)
  INTO cleared, acknowledged
  FROM alarm_after AS after JOIN alarm_before AS before USING (alarm_id);
  -- Locks what escalates: of what is told next at this moment, nothing is missed below.
  UPDATE notice SET escalates_at = NULL WHERE alarm_id = ANY (cleared || acknowledged) AND escalates_at IS NOT NULL;
  DELETE FROM notice
  WHERE moment = 'raised' AND state = 'waiting' AND attempts = 0
    AND (alarm_id = ANY (cleared) OR alarm_id = ANY (acknowledged) AND email_contact_id IS NOT NULL);
  INSERT INTO notice (webhook_id, email_contact_id, step, alarm_id, moment, next_attempt_at)
  SELECT webhook_id, email_contact_id, step, alarm_id, 'cleared', now()
  FROM notice WHERE alarm_id = ANY (cleared) AND moment = 'raised';
  RETURN NULL;
END
$$;
CREATE TRIGGER alarm_cleared AFTER UPDATE ON alarm REFERENCING OLD TABLE AS alarm_before NEW TABLE AS alarm_after
  FOR EACH STATEMENT EXECUTE FUNCTION make_cleared_notices();
