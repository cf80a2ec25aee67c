-- Up Migration

-- Who changed what, when and from where, and who tried to and was turned away. Rows are added, and never changed or removed.
CREATE TABLE audit_entry (
  -- No number: nobody can tell from it how much others do.
  audit_entry_id uuid NOT NULL DEFAULT gen_random_uuid(),
  at timestamptz NOT NULL,
  -- server is a program on the bridge's own machine, nobody someone who gave no valid proof of being somebody.
  author_kind text NOT NULL CHECK (author_kind IN ('key', 'person', 'feeder', 'site-login', 'server', 'nobody')),
  author_id text,
  author_name text,
  -- Where it came from: an IP address.
  address text,
  request_id text,
  -- The name of the operation, as in the OpenAPI document, or of what was tried over MQTT.
  action text NOT NULL,
  -- What it was about. Those who have all of these sites may see it; where there is none, or nobody knows which, those of all sites.
  sites text[] CHECK (sites <> '{}'),
  feeder_id text,
  target text,
  -- indeterminate: a command that may have acted once, and never will again.
  result text NOT NULL CHECK (result IN ('done', 'refused', 'indeterminate')),
  -- Why it was not done: a problem code.
  code text,
  -- How often, where the same was refused again and again.
  times integer NOT NULL DEFAULT 1,
  -- What a command asked for, which may not be what the PLC then held.
  asked jsonb,
  before jsonb,
  after jsonb,
  PRIMARY KEY (at, audit_entry_id)
);
CREATE INDEX audit_entry_by_sites ON audit_entry USING gin (sites);

CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is never changed or shortened';
END
$$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget();
-- Also for who says that triggers are not to fire.
ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_stays;

-- Who asked for a command and by which operation, kept until its outcome is known. Commands of before were asked for by keys.
ALTER TABLE command
  ADD COLUMN issued_by_kind text NOT NULL DEFAULT 'key',
  ADD COLUMN issued_by_id text,
  ADD COLUMN issued_from text,
  ADD COLUMN request_id text,
  ADD COLUMN action text;

CREATE OR REPLACE FUNCTION tell_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_outbox (type, feeder_id, at, body)
  VALUES ('command', NEW.feeder_id, coalesce(NEW.ended_at, NEW.issued_at),
          to_jsonb(NEW) - ARRAY['expected', 'journal_id', 'traceparent', 'later_acks',
                                'issued_by_kind', 'issued_by_id', 'issued_from', 'request_id', 'action']);
  RETURN NULL;
END
$$;

-- Here, so that no outcome is stored without it, whenever it comes and whoever stores it. What was turned away at the door
-- has no outcome.
CREATE FUNCTION audit_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_entry (at, author_kind, author_id, author_name, address, request_id, action, sites, feeder_id, target,
                           result, code, asked, before, after)
  SELECT NEW.ended_at, NEW.issued_by_kind, NEW.issued_by_id, NEW.issued_by, NEW.issued_from, NEW.request_id,
         coalesce(NEW.action, NEW.kind), ARRAY[site], feeder_id, NEW.command_id,
         CASE NEW.state WHEN 'applied' THEN 'done' WHEN 'indeterminate' THEN NEW.state ELSE 'refused' END,
         CASE WHEN NEW.state <> 'applied' THEN 'command-' || NEW.state END,
         coalesce(NEW.changes, '{}') || jsonb_strip_nulls(jsonb_build_object('kind', NEW.kind, 'grams', NEW.grams)),
         NEW.previous, NEW.read_back
  FROM feeder WHERE feeder_id = NEW.feeder_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_command AFTER UPDATE OF state ON command
  FOR EACH ROW WHEN (OLD.state = 'sent' AND NEW.state <> 'sent') EXECUTE FUNCTION audit_command();
