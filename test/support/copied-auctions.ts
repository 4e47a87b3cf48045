/**
 * A history in the past: copies of an auction that the service has decided and bid for, with its decision and bid, so
 * that their margins can be worked out. They are of no employer, and what is personal of theirs is erased.
 * @param ended how each ended, and how many days ago it was received
 */
export function copiesOf(
  auction: string,
  ended: readonly { readonly status: 'won' | 'lost'; readonly daysAgo: number }[],
): string {
  const wanted = ended.map(
    ({ status, daysAgo }, at) =>
      `('${auction.slice(0, 18)}-${String(at).padStart(4, '0')}', '${status}', ${String(daysAgo)})`,
  );
  const bid = [
    'ordinal',
    'status',
    'monthly_interest_rate',
    'number_of_installments',
    'disbursed_issue_amount',
    'installment_face_value',
    'issue_amount',
    'assignment_amount',
    'iof_amount',
    'monthly_cet',
    'disbursement_date',
    'first_due_date',
    'days_to_expiration',
    'rebates',
    'price_row',
    'submit_by',
    'created_at',
    'submitted_at',
  ];
  const decision = ['decided_at', 'outcome', 'policy_version', 'policy_hash', 'reasons', 'trace'];
  return `
    CREATE TEMP TABLE copied (key text, status text, days_ago integer);
    INSERT INTO copied VALUES ${wanted.join(', ')};
    WITH event AS (
      INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
      SELECT sha256(convert_to(key, 'UTF8')), now(), 'none', '', 'done' FROM copied RETURNING id, content_hash)
    INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, ended_at,
      requested_amount, requested_installments, admission_date, personal_key_id, personal_ciphertext)
    SELECT key, event.id, copied.status, now() - days_ago * interval '1 day', now(), requested_amount,
      requested_installments, admission_date, personal_key_id, ''
    FROM copied JOIN event ON content_hash = sha256(convert_to(key, 'UTF8')), auction
    WHERE issuer_proposal_request_key = '${auction}';
    INSERT INTO decision (auction_key, ${decision.join(', ')})
    SELECT key, ${decision.join(', ')} FROM copied, decision WHERE auction_key = '${auction}' AND ordinal = 1;
    INSERT INTO bid (request_control_key, auction_key, ${bid.join(', ')})
    SELECT gen_random_uuid(), key, ${bid.map((name) => `bid.${name}`).join(', ')}
    FROM copied, bid WHERE auction_key = '${auction}' AND ordinal = 1;
    DROP TABLE copied;`;
}
