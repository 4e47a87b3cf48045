import { Client } from 'pg';

const ROWS_AT_ONCE = 50_000;

/**
 * So many auctions of the last 90 days, as the service would have left them: half declined, half bid for and ended, of
 * 300,000 borrowers and 20,000 employers. Keys to other tables are right and not checked.
 */
export async function fillAuctions(
  databaseUrl: string,
  count: number,
  say: (line: string) => void,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`SET session_replication_role = replica; SET statement_timeout = 0`);
  for (let first = 1; first <= count; first += ROWS_AT_ONCE) {
    const last = Math.min(first + ROWS_AT_ONCE - 1, count);
    for (const insert of INSERTS)
      await client.query(insert.replaceAll(':count', String(count)), [first, last]);
    say(`${last} auctions stored`);
  }
  await client.query('VACUUM (ANALYZE)');
  await client.end();
}

const RECEIVED = `now() - interval '90 days' + i * interval '90 days' / :count`;
const KEY = `md5('auction' || i)::uuid`;
const CONTROL = `md5('bid' || i)::uuid`;
const BORROWER = `sha256(convert_to('borrower' || i % 300000, 'UTF8'))`;
const EMPLOYER = `sha256(convert_to('employer' || i % 20000, 'UTF8'))`;
const ROWS = `generate_series($1::bigint, $2::bigint) AS i`;
const BIDS = `${ROWS} WHERE i % 2 = 0`;

const INSERTS = [
  `INSERT INTO webhook_event (id, content_hash, received_at, webhook_type, event_key, event_status, raw_key_id,
     raw_ciphertext, status, handled_at)
   OVERRIDING SYSTEM VALUE
   SELECT -i, sha256(convert_to('event' || i, 'UTF8')), ${RECEIVED},
     'laas.private_payroll_auction.new_issuer_proposal_request', ${KEY}::text, 'ongoing', 'k',
     decode(repeat(md5(i::text), 25), 'hex'), 'done', ${RECEIVED}
   FROM ${ROWS}`,
  `INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, inclusion_limit_at,
     expiration_at, requested_amount, requested_installments, consigned_credit_balance, admission_date, eligible,
     borrower_index, employer_index, employer_document_type, personal_key_id, personal_ciphertext, auction_proposal_key,
     ended_at)
   SELECT ${KEY}::text, -i, CASE WHEN i % 2 = 1 THEN 'declined' WHEN i % 10 = 0 THEN 'won' ELSE 'lost' END, ${RECEIVED},
     ${RECEIVED} + interval '1 minute', ${RECEIVED} + interval '1 day', 1000 + i % 9000, 6 + i % 42, 500, '2015-01-01',
     true, ${BORROWER}, ${EMPLOYER}, 'cnpj', 'k', decode(repeat(md5(i::text), 10), 'hex'),
     CASE WHEN i % 2 = 0 THEN md5('proposal' || i)::uuid::text END,
     CASE WHEN i % 2 = 0 THEN ${RECEIVED} + interval '2 minutes' END
   FROM ${ROWS}`,
  `INSERT INTO decision (auction_key, decided_at, outcome, policy_version, policy_hash, reasons, trace, context)
   SELECT ${KEY}::text, ${RECEIVED}, CASE WHEN i % 2 = 1 THEN 'no_bid' ELSE 'bid' END, '1', repeat('0', 64),
     CASE WHEN i % 2 = 1 THEN '[{"code": "NOT_ELIGIBLE"}]'::jsonb ELSE '[]' END,
     jsonb_build_object('rules', repeat(md5(i::text), 40)), '{}'
   FROM ${ROWS}`,
  `INSERT INTO auction_facet (facet, received_at, issuer_proposal_request_key)
   SELECT 'policy:1', ${RECEIVED}, ${KEY}::text FROM ${ROWS}`,
  `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate, number_of_installments,
     disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount, iof_amount, monthly_cet,
     disbursement_date, first_due_date, days_to_expiration, rebates, price_row, submit_by, auction_proposal_key,
     rank_position, created_at, submitted_at, answered_at)
   SELECT ${CONTROL}, ${KEY}::text, 1, 'accepted', 0.0150 + (i % 200) / 10000.0, 6 + i % 42, 1000 + i % 9000, 150, 1100,
     1150, 50, 0.03, '2026-05-04', '2026-07-20', 1, '[]', 'row', ${RECEIVED} + interval '1 minute',
     md5('proposal' || i)::uuid::text, 1 + i % 4, ${RECEIVED}, ${RECEIVED}, ${RECEIVED}
   FROM ${BIDS}`,
  `INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status, answer)
   SELECT ${CONTROL}, 1, ${RECEIVED}, ${RECEIVED}, 'accepted', 200, '{"status":"bid"}' FROM ${BIDS}`,
  `INSERT INTO exposure (request_control_key, auction_key, borrower_index, employer_index, amount,
     monthly_interest_rate, counted_on, live_until, status, status_reason)
   SELECT ${CONTROL}, ${KEY}::text, ${BORROWER}, ${EMPLOYER}, 1000, 0.02, (${RECEIVED})::date,
     ${RECEIVED} + interval '1 day', 'released', 'lost'
   FROM ${BIDS}`,
] as const;
