import type { Pool } from 'pg';
import { factsOfAuctions, factsOfLoans, storeFacts } from '../../src/history/facts/fact-row';

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
       FROM generate_series(1, $1) AS n, LATERAL (SELECT now() - interval '30 days' - n * interval '10 minutes') AS t (at)`,
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

/** As many rows of things that were over long ago, numbered and spread over weeks as the auctions are. */
const longAgo = (rows: number): string =>
  `(SELECT n, now() - interval '30 days' - n * interval '10 minutes' FROM generate_series(1, ${rows}) AS n) AS long_ago (n, at)`;

/**
 * What else grows with what happens, each filled from `long_ago` or from a table before it; an auction won it every second
 * loan. What grows with the days, with the people or with what these configure is not here.
 */
const OTHERS: Readonly<Record<string, string>> = {
  operation: `INSERT INTO operation (credit_operation_key, product, origin, auction_key, status, status_since, borrower_index,
      disbursed_issue_amount, installment_face_value, number_of_installments, monthly_interest_rate, opened_at, linked_at, ended_at)
    SELECT 'loan-' || n, CASE n % 2 WHEN 0 THEN 'fgts' ELSE 'private_payroll' END,
      CASE n % 2 WHEN 0 THEN 'active' ELSE 'auction' END, CASE n % 2 WHEN 1 THEN 'grown-' || n END,
      'disbursed', at, sha256(n::text::bytea), 1000, 100, 12, 0.02, at, at, at FROM long_ago`,
  operation_event: `INSERT INTO operation_event (credit_operation_key, kind, effect, from_status, to_status, recorded_at)
    SELECT 'loan-' || n, 'signed', 'applied', 'awaiting_signature', 'signed', at FROM long_ago`,
  operation_command: `INSERT INTO operation_command (id, credit_operation_key, action, status, actor, not_before, created_at,
      sent_at, settled_at, settled_by)
    SELECT gen_random_uuid(), 'loan-' || n, 'submit_signature', 'accepted', 'grown', at, at, at, at, 'answer' FROM long_ago`,
  consent_reminder: `INSERT INTO consent_reminder SELECT 'loan-' || n, at, 1, at FROM long_ago`,
  loan_outcome: `WITH told AS (
      INSERT INTO loan_outcome_import (id, imported_by, imported_at, outcomes, uncounted_after)
      VALUES (gen_random_uuid(), 'grown', now() - interval '1 day', 1, NULL) RETURNING id)
    INSERT INTO loan_outcome (credit_operation_key, installment, due_on, status, paid_on, paid_amount, import_id)
    SELECT 'loan-' || n, 1, at, 'paid', at, 100, told.id FROM told, long_ago`,
  task: `INSERT INTO task (id, kind, credit_operation_key, reason_code, message, due_at, status, opened_at, resolved_at,
      resolved_by)
    SELECT gen_random_uuid(), 'late', 'loan-' || n, 'late', 'grown', at, 'resolved', at, at, 'grown' FROM long_ago`,
  task_history: `INSERT INTO task_history (task_id, action, actor, at) SELECT id, 'resolved', 'grown', resolved_at FROM task`,
  proposal: `INSERT INTO proposal (id, product, channel, status, status_since, borrower_index, borrower_key_id,
      borrower_ciphertext, wishes, control_key, created_by, created_at, ended_at)
    SELECT gen_random_uuid(), CASE n % 2 WHEN 0 THEN 'fgts' ELSE 'federal_payroll' END, 'person', 'withdrawn', at,
      sha256(n::text::bytea), 'k', '', '{}', gen_random_uuid(), 'grown', at, at FROM long_ago`,
  proposal_event: `INSERT INTO proposal_event (proposal_id, kind, effect, from_status, to_status, recorded_at)
    SELECT id, 'withdrawn', 'applied', 'draft', 'withdrawn', ended_at FROM proposal`,
  proposal_command: `INSERT INTO proposal_command (id, proposal_id, action, status, actor, not_before, created_at, sent_at,
      settled_at, settled_by)
    SELECT gen_random_uuid(), id, 'query_balance', 'accepted', 'grown', ended_at, ended_at, ended_at, ended_at, 'answer'
    FROM proposal`,
  proposal_batch_line: `WITH batch AS (
      INSERT INTO proposal_batch (id, product, created_by, created_at)
      VALUES (gen_random_uuid(), 'fgts', 'grown', now() - interval '1 day') RETURNING id)
    INSERT INTO proposal_batch_line (batch_id, row_number, proposal_id)
    SELECT batch.id, row_number() OVER (), proposal.id FROM proposal, batch`,
  notification_event: `INSERT INTO notification_event (id, type, subject, occurred_at, data)
    SELECT gen_random_uuid(), 'auction.won', 'grown-' || n, now() - n * interval '1 second', '{}' FROM long_ago`,
  notification_delivery: `WITH endpoint AS (
      INSERT INTO notification_endpoint (id, url, description, event_types, enabled, secret_key_id, secret_ciphertext,
        created_by, created_at)
      VALUES (gen_random_uuid(), 'https://127.0.0.1:9', 'grown', '{auction.won}', true, 'k', '', 'grown', now())
      RETURNING id)
    INSERT INTO notification_delivery (event_id, endpoint_id, status, attempts, settled_at)
    SELECT event.id, endpoint.id, 'delivered', 1, occurred_at FROM notification_event AS event, endpoint`,
  notification_attempt: `INSERT INTO notification_attempt (delivery_id, sent_at, duration_ms, http_status)
    SELECT id, settled_at, 10, 200 FROM notification_delivery`,
  rate_model_observation: `INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, lane,
      reference_bp, arm, step_bp, propensities, amount, term, ended)
    SELECT 'grown-' || n, at, at, 'grown', 1, 'control', 200, 1, 1, '{1,0,0,0,0}', 1000, 12, 'lost' FROM long_ago`,
  shadow_decision: `INSERT INTO shadow_decision (auction_key, policy_hash, decided_at, outcome, reasons)
    SELECT 'grown-' || n, 'grown', at, 'no_bid', '[]' FROM long_ago`,
  alert: `INSERT INTO alert (id, kind, subject, severity, since, raised_at, seen_at, told_at, resolved_at)
    SELECT gen_random_uuid(), 'grown', 'grown-' || n, 'warning', at, at, at, at, at FROM long_ago`,
  approval: `INSERT INTO approval (id, action, reason, status, requested_by, requested_at, decided_by, decided_at)
    SELECT gen_random_uuid(), 'release_kill_switch', 'grown', 'rejected', 'grown', at, 'other', at FROM long_ago`,
  reconciliation_gap: `INSERT INTO reconciliation_gap (kind, key, origin_keys, since, found_at, next_ask_at, closed_at, closed_as)
    SELECT 'auction_without_end', 'grown-' || n, '{}', at, lately, lately, lately, 'arrived'
    FROM long_ago, LATERAL (SELECT now() - n * interval '1 minute') AS t (lately)`,
  reconciliation_run: `INSERT INTO reconciliation_run (started_by, lease_owner, started_at, ended_at, result, scanned_until)
    SELECT 'schedule', gen_random_uuid(), lately, lately, 'done', lately
    FROM long_ago, LATERAL (SELECT now() - n * interval '1 minute') AS t (lately)`,
  backtest_report: `INSERT INTO backtest_report (id, candidate_hash, baseline_hash, received_from, received_before, state,
      requested_by, requested_at, figures, finished_at)
    SELECT gen_random_uuid(), 'grown', 'grown', at - interval '1 day', at, 'done', 'grown', at, '{}', at FROM long_ago`,
  export: `INSERT INTO export (id, requested_by, requested_at, format, filter, status, ended_at)
    SELECT gen_random_uuid(), 'grown', at, 'csv', '{}', 'done', now() FROM long_ago`,
  session: `WITH somebody AS (
      INSERT INTO app_user (id, username, roles, created_by, created_at)
      VALUES (gen_random_uuid(), 'grown', '{viewer}', 'grown', now()) RETURNING id)
    INSERT INTO session (id, token_hash, user_id, method, created_at, seen_at, expires_at, ended_at)
    SELECT gen_random_uuid(), sha256(n::text::bytea), somebody.id, 'password', at, at, at, at FROM somebody, long_ago`,
  idempotent_request: `INSERT INTO idempotent_request
    SELECT 'grown', n::text, sha256(n::text::bytea), 200, '{}', at FROM long_ago`,
};

/** All tables that grow, as `growTables` and with what these auctions, and as many loans and proposals, leave behind. */
export async function growAllTables(sql: Pool, rows: number): Promise<readonly string[]> {
  const grown = [...GROWN, ...Object.keys(OTHERS), 'history_fact'];
  await growTables(sql, rows);
  const client = await sql.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL session_replication_role = 'replica'`); // no triggers, and no look at what rows refer to
    for (const fill of Object.values(OTHERS)) await client.query(fill.replace('long_ago', longAgo(rows)));
    await client.query(storeFacts(factsOfAuctions, `SELECT issuer_proposal_request_key AS key FROM auction`));
    await client.query(
      storeFacts(factsOfLoans, `SELECT credit_operation_key AS key FROM operation WHERE origin = 'active'`),
    );
    // Nothing is left to catch up with: what was to be learnt and summed of these is.
    await client.query(`UPDATE history_fact SET margin_is = 'policy_unreadable' WHERE bid_key IS NOT NULL`);
    await client.query(`DELETE FROM history_stale_day`);
    await client.query(`UPDATE history_progress SET received_through = now(), changed_through = now()`);
    await client.query(`UPDATE rate_model_progress SET decided_through = now()`);
    await client.query('COMMIT');
    await client.query(`VACUUM ANALYZE ${grown.join(', ')}`);
  } finally {
    client.release();
  }
  return grown;
}

/** How many rows were read by going through a table from end to end, since the beginning. */
export async function rowsReadInSequence(sql: Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql.query<{ relname: string; read: string }>(
    `SELECT relname, seq_tup_read AS read FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
    [GROWN],
  );
  return new Map(rows.map(({ relname, read }) => [relname, Number(read)]));
}
