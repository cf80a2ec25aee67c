-- Up Migration

-- Who may see some sites alone is told of their events, among all that there are.
CREATE INDEX event_by_feeder ON event (feeder_id, event_id);
