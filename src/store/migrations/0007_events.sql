-- Up Migration

-- What happened, written in the transaction in which it happened, by triggers on the tables it happened to; the sequencer
-- moves it to `event`, whose numbers are therefore in commit order.
CREATE TABLE event_outbox (
  event_outbox_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- presence, command, config, meal or alarm; not checked, because it is on the way of every change.
  type text NOT NULL,
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
-- Where a client begins that came before anything happened.
INSERT INTO event (event_id, type, feeder_id, at, body, stored_at) VALUES (0, 'beginning', '', now(), 'null', now());

-- Where many rows come in one statement, their events do too. `UPDATE OF` and `WHEN` can only be asked of single rows.

CREATE FUNCTION tell_presence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body) SELECT 'presence', feeder_id, at, to_jsonb(added) FROM added;
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_presence AFTER INSERT ON presence_change
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_presence();

CREATE FUNCTION tell_meal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body)
  -- A spool's baseline that showed none is no meal.
  SELECT 'meal', feeder_id, at, to_jsonb(added) FROM added WHERE count > 0 OR grams > 0;
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_meal AFTER INSERT ON meal
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION tell_meal();

CREATE FUNCTION tell_alarm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body)
  VALUES ('alarm', NEW.feeder_id, greatest(NEW.raised_at, NEW.acknowledged_at, NEW.cleared_at), to_jsonb(NEW));
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_alarm_raised AFTER INSERT ON alarm FOR EACH ROW EXECUTE FUNCTION tell_alarm();
CREATE TRIGGER tell_alarm_changed AFTER UPDATE ON alarm
  FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION tell_alarm();

-- A command tells twice: stored, and with its outcome. That it is `unresolved` follows from the clock and is no event.
CREATE FUNCTION tell_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body)
  VALUES ('command', NEW.feeder_id, coalesce(NEW.ended_at, NEW.issued_at),
          to_jsonb(NEW) - ARRAY['expected', 'journal_id', 'traceparent', 'later_acks']);
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_command_stored AFTER INSERT ON command FOR EACH ROW EXECUTE FUNCTION tell_command();
CREATE TRIGGER tell_command_ended AFTER UPDATE OF state ON command
  FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION tell_command();

CREATE FUNCTION tell_config() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body)
  VALUES ('config', NEW.feeder_id, NEW.config_read_at,
          jsonb_build_object('config_version', NEW.config_version, 'config_values', NEW.config_values,
                             'config_read_at', NEW.config_read_at, 'config_source', NEW.config_source,
                             'config_agent_version', NEW.config_agent_version));
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_config AFTER UPDATE OF config_version, config_values ON feeder
  FOR EACH ROW WHEN (NEW.config_version IS NOT NULL AND
    (OLD.config_version IS DISTINCT FROM NEW.config_version OR OLD.config_values IS DISTINCT FROM NEW.config_values))
  EXECUTE FUNCTION tell_config();
