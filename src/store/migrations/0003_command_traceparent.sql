-- Up Migration

-- The caller's trace (W3C Trace Context): the same on every sending of a command, whichever bridge sends it.
ALTER TABLE command ADD COLUMN traceparent text;
