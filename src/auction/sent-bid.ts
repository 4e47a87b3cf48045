/**
 * Of a row of `bid`, as SQL: when it was first sent to QI. It is SENDING from its decision on, whether or not it leaves: one that
 * is back, or withdrawn, was sent only where a POST was made, and what the open circuit held back was none. Not EXISTS: for a page of bids
 * PostgreSQL would read every POST there is.
 */
export const sentAt = (bid: string): string =>
  `CASE WHEN ${bid}.status NOT IN ('intended', 'withdrawn') OR (SELECT true FROM bid_attempt AS tried
     WHERE tried.request_control_key = ${bid}.request_control_key AND tried.detail IS DISTINCT FROM 'circuit_open' LIMIT 1)
   THEN ${bid}.submitted_at END`;
