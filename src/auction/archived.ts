/**
 * Of a row of `auction`, as SQL: it was decided, and the decision has left for the archive. Facts are counted before, stay, and
 * name the policy of whatever was decided.
 */
export const IS_ARCHIVED = `(
  EXISTS (SELECT FROM history_fact WHERE key = issuer_proposal_request_key AND policy_version IS NOT NULL)
  AND NOT EXISTS (SELECT FROM decision WHERE auction_key = issuer_proposal_request_key))`;
