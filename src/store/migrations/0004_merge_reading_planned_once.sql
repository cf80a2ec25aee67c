-- Up Migration

-- The same as before, in the language whose statements are planned once for each connection: it is on the way of every
-- change, and planning it took longer than doing it.
CREATE OR REPLACE FUNCTION merge_reading(held jsonb, held_at jsonb, reading jsonb, read_at bigint, is_whole boolean)
RETURNS config_reading LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  merged config_reading;
BEGIN
  SELECT coalesce(jsonb_object_agg(name, value), '{}'), coalesce(jsonb_object_agg(name, at), '{}') INTO merged
  FROM (
    SELECT key AS name, value, read_at AS at FROM jsonb_each(reading)
    WHERE read_at >= coalesce((held_at ->> key)::bigint, read_at)
    UNION ALL
    SELECT key, value, (held_at ->> key)::bigint FROM jsonb_each(held)
    WHERE (held_at ->> key)::bigint > read_at OR NOT (is_whole OR reading ? key)
  ) AS latest;
  RETURN merged;
END
$$;
