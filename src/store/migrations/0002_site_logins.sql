-- Up Migration

-- Who may look on at the topics of a site over MQTT.
CREATE TABLE site_login (
  site_login_id uuid PRIMARY KEY,
  site text NOT NULL,
  name text NOT NULL,
  username text NOT NULL UNIQUE,
  password_sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz
);
