import type { Pool } from 'pg';

/** What grows with every auction and is never emptied. */
export const GROWN = [
  'webhook_event',
  'auction',
  'decision',
  'bid',
  'bid_attempt',
  'exposure',
  'auction_facet',
];

/** As if that many auctions had been bid on and had ended long ago. */
export async function growTables(sql: Pool, auctions: number): Promise<void> {
  const client = await sql.connect();
  try {
    await client.query('BEGIN');
    for (const table of ['auction', 'decision', 'bid', 'exposure'])
      await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
    await client.query(
      `INSERT INTO webhook_event (content_hash, received_at, webhook_type, event_key, raw_key_id, raw_ciphertext, status,
         attempts, handled_at)
       SELECT sha256(n::text::bytea), at, 'laas.grown', 'grown-' || n, 'k', '', 'done', 1, at
       FROM generate_series(1, $1) AS n, LATERAL (SELECT now() - interval '30 days' - n * interval '1 second') AS t (at)`,
      [auctions],
    );
    await client.query(
      `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
         expiration_at, requested_amount, requested_installments, eligible, borrower_index, employer_index,
         personal_key_id, personal_ciphertext, created_at, ended_at)
       SELECT event_key, id, 'lost', received_at, received_at + interval '90 seconds', received_at + interval '1 day',
         1000, 12, true, sha256(event_key::bytea), sha256((id % 1000)::text::bytea), 'k', '', received_at, received_at
       FROM webhook_event WHERE webhook_type = 'laas.grown'`,
    );
    await client.query(
      `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace)
       SELECT issuer_proposal_request_key, received_at, 'bid', '1', '', '[]', '{}' FROM auction`,
    );
    await client.query(
      `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
         disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
         disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, created_at, submitted_at,
         answered_at)
       SELECT gen_random_uuid(), issuer_proposal_request_key, 1, 'accepted', 0.02, 12, 1000, 100, 1000, 1000, 10, 0.03,
         received_at, received_at + interval '40 days', 7, '[]', 'row', inclusion_limit_at, received_at, received_at,
         received_at
       FROM auction`,
    );
    await client.query(
      `INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status)
       SELECT request_control_key, 1, submitted_at, answered_at, 'accepted', 200 FROM bid`,
    );
    await client.query(
      `INSERT INTO exposure (request_control_key, auction_key, borrower_index, employer_index, amount,
         monthly_interest_rate, counted_on, live_until, status, status_reason, changed_at)
       SELECT request_control_key, auction_key, borrower_index, employer_index, 1000, 0.02, bid.created_at,
         bid.created_at + interval '7 days', 'released', 'lost', bid.created_at
       FROM bid JOIN auction ON issuer_proposal_request_key = auction_key`,
    );
    await client.query(
      `INSERT INTO auction_facet SELECT 'policy:1', received_at, issuer_proposal_request_key FROM auction`,
    );
    for (const table of ['auction', 'decision', 'bid', 'exposure'])
      await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    await client.query('COMMIT');
    await client.query(`ANALYZE ${GROWN.join(', ')}`);
  } finally {
    client.release();
  }
}

/** How many rows were read by going through a table from end to end, since the beginning. */
export async function rowsReadInSequence(sql: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ relname: string; read: string }>(
    `SELECT relname, seq_tup_read AS read FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
    [GROWN],
  );
  return new Map(rows.map(({ relname, read }) => [relname, Number(read)]));
}
