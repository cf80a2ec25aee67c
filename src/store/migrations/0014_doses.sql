-- Up Migration

-- The last dose of each feeder, however long ago it was: of all meals and commands few are doses.
CREATE INDEX meal_doses ON meal (feeder_id, at DESC, meal_id DESC) WHERE source = 'feed-now';
CREATE INDEX command_doses ON command (feeder_id, issued_at DESC, command_id DESC) WHERE kind = 'feed-now';
