-- Up Migration

-- The feed-now that has no outcome yet: a second one waits for it. Kept here so that the row's own lock decides which of two
-- at once is the first; the statement that stores an outcome frees it.
ALTER TABLE feeder ADD COLUMN pending_feed_now uuid;

-- What went wrong is looked for by its state, among very many that went well.
CREATE INDEX command_by_rare_state ON command (feeder_id, state, issued_at DESC, command_id DESC)
  WHERE state IN ('rejected', 'expired', 'superseded', 'indeterminate', 'refused');
