-- Up Migration

-- A key that was revoked stays, so that what it did can be told from what its successor of the same name does.
ALTER TABLE api_key
  ADD COLUMN api_key_id uuid NOT NULL DEFAULT gen_random_uuid(),
  -- Null: all sites.
  ADD COLUMN sites text[] CHECK (sites <> '{}'),
  ADD COLUMN expires_at timestamptz,
  ADD COLUMN last_used_at timestamptz,
  ADD COLUMN created_by text,
  ADD COLUMN revoked_at timestamptz;
ALTER TABLE api_key DROP CONSTRAINT api_key_pkey;
ALTER TABLE api_key ADD PRIMARY KEY (api_key_id);
ALTER TABLE api_key ALTER COLUMN api_key_id DROP DEFAULT;
-- Not among all keys: an admin of some sites would learn from it which names others use.
CREATE UNIQUE INDEX api_key_name ON api_key (name, coalesce(sites, '{}')) WHERE revoked_at IS NULL;

-- Who used an Idempotency-Key is known by an id now, for names come again.
UPDATE idempotency_key SET api_key = api_key.api_key_id::text FROM api_key WHERE idempotency_key.api_key = api_key.name;
