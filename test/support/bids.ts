import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';

type Database = Pick<EntityManager, 'query'>;

/** An auction that waits for its outcome, as if its request had come by webhook. */
export async function writeAuction(database: Database, key: string): Promise<void> {
  await database.query(
    `WITH event AS (
       INSERT INTO webhook_event (content_hash, received_at, raw_key_id, raw_ciphertext, status)
       VALUES (sha256(convert_to($1, 'UTF8')), now(), 'k', '', 'done')
       ON CONFLICT (content_hash) DO UPDATE SET status = 'done' RETURNING id)
     INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, received_at, personal_key_id,
       personal_ciphertext)
     SELECT $1, id, 'bid', now(), 'k', '' FROM event ON CONFLICT DO NOTHING`,
    [key],
  );
}

/** A bid that QI has accepted; what it puts at risk is the caller's to reserve. */
export async function writeBid(
  database: Database,
  bid: {
    readonly requestControlKey: string;
    readonly auctionKey: string;
    readonly rate: string;
    readonly amount: number;
  },
): Promise<void> {
  await database.query(
    `INSERT INTO bid (request_control_key, auction_key, ordinal, status, monthly_interest_rate,
       number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount,
       iof_amount, monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row,
       submit_by, created_at)
     SELECT $1, $2, count(*) + 1, 'accepted', $3, 10, $4, 10, 0, 0, 0, 0, now(), now(), 7, '[]', 'row', now(), now()
     FROM bid WHERE auction_key = $2`,
    [bid.requestControlKey, bid.auctionKey, bid.rate, bid.amount],
  );
}

/** What a bid of 100 puts at risk, and the counters that count it. */
export async function reserveExposure(
  database: Database,
  requestControlKey: string,
  auctionKey: string,
): Promise<void> {
  await database.query(
    `WITH reserved AS (
       INSERT INTO exposure (request_control_key, auction_key, borrower_index, amount, monthly_interest_rate,
         counted_on, live_until, status)
       VALUES ($1, $2, $3, 100, 0.02, now(), now() + interval '7 days', 'reserved') RETURNING *)
     INSERT INTO limit_use AS present (name, key, used, revision)
     SELECT name, key, 100, 1 FROM reserved CROSS JOIN LATERAL (VALUES ('per_borrower', encode(borrower_index, 'hex')),
       ('per_day', counted_on::text), ('total', '')) AS counted (name, key)
     ON CONFLICT (name, key) DO UPDATE SET used = present.used + 100`,
    [requestControlKey, auctionKey, randomBytes(32)],
  );
}

/** The counters that are not the sums of what they count. */
export function wrongCounters(database: Database): Promise<unknown[]> {
  return database.query(
    `WITH sums AS (
       SELECT name, key, sum(amount) AS used FROM exposure CROSS JOIN LATERAL (VALUES
         ('per_borrower', encode(borrower_index, 'hex')), ('per_employer', encode(employer_index, 'hex')),
         ('per_day', counted_on::text), ('total', '')) AS counted (name, key)
       WHERE status <> 'released' AND key IS NOT NULL GROUP BY name, key)
     SELECT name, key, sums.used AS sum, limit_use.used FROM sums FULL JOIN limit_use USING (name, key)
     WHERE name NOT LIKE 'bids_%' AND coalesce(sums.used, 0) <> coalesce(limit_use.used, 0)`,
  );
}
