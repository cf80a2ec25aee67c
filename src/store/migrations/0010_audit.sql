-- Up Migration

-- Who changed what, when and from where, and who tried to and was turned away. Rows are added, and never changed or removed.
CREATE TABLE audit_entry (
  audit_entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
  -- What it was about. Without a site only those of all sites may see it.
  site text,
  feeder_id text,
  target text,
  result text NOT NULL CHECK (result IN ('done', 'refused')),
  -- Why it was refused: a problem code.
  code text,
  -- How often, where the same was refused again and again.
  times integer NOT NULL DEFAULT 1,
  before jsonb,
  after jsonb
);
CREATE INDEX audit_entry_by_site ON audit_entry (site, audit_entry_id);

CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit is never changed or shortened';
END
$$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_forget();
