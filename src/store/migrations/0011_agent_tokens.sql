-- Up Migration

ALTER TABLE feeder
  -- The token before the present one, good for a while longer, so that somebody can bring the new one to the farm.
  ADD COLUMN previous_token_sha256 bytea,
  ADD COLUMN previous_token_until timestamptz,
  -- What an installer may fetch a token with, once.
  ADD COLUMN claim_code_sha256 bytea,
  ADD COLUMN claim_code_until timestamptz,
  ADD CHECK ((previous_token_sha256 IS NULL) = (previous_token_until IS NULL)),
  ADD CHECK ((claim_code_sha256 IS NULL) = (claim_code_until IS NULL));
CREATE UNIQUE INDEX feeder_by_claim_code ON feeder (claim_code_sha256) WHERE claim_code_sha256 IS NOT NULL;
