import type { EntityManager } from 'typeorm';
import { SAO_PAULO } from '../kernel';

/*
 * The one place that says what an observation is, read from the tables that work.
 */

/** What commits late is still seen: no transaction of ours lasts as long. */
const OVERLAP = `interval '2 minutes'`;
/** An end that is not told within this never is. */
const NEVER_AFTER = `interval '60 days'`;

const BIDS = `(m->>'lane') IN ('canary', 'learned') AND m->>'fallback' IS NULL`;

/** A rate of a decision: policies of earlier releases may have some between two bp, in rows that may not learn. */
const wholeBp = (name: string): string => `round((m->>'${name}')::numeric)::integer`;

/** Nothing but the money of the day stopped the bid: whoever another limit stops as well is not bid for either where money is kept. */
const MONEY_STOPPED = `coalesce((SELECT bool_and(added->>'code' = 'EXPOSURE_PER_DAY')
      FROM jsonb_array_elements(d.context->'added_reasons') AS added), false)`;

/**
 * Decisions under a mandate whose bid lies in a cell, those for which no rate was worth bidding, and those whose bid the money of the
 * day stopped: these have a rate and were not bid. A smaller bid after a refusal has a decision of its own, which counts.
 */
const DECIDED = `
  SELECT a.issuer_proposal_request_key, (d.decided_at AT TIME ZONE '${SAO_PAULO}')::date, d.decided_at, m->>'segments',
    (m->>'cell')::smallint, b.price_row, m->>'version', m->>'lane', m->>'fallback', ${wholeBp('reference_bp')},
    CASE WHEN ${MONEY_STOPPED} THEN ${wholeBp('bid_bp')} ELSE round(b.monthly_interest_rate * 10000)::integer END,
    CASE WHEN ${BIDS} THEN ${wholeBp('centre_bp')} END,
    CASE WHEN ${BIDS} THEN (m->>'arm')::smallint ELSE 0 END,
    CASE WHEN ${BIDS} THEN (m->>'step_bp')::smallint ELSE 0 END,
    CASE WHEN ${BIDS} THEN ARRAY(SELECT jsonb_array_elements_text(m->'propensities'))::smallint[]
      ELSE '{0,0,10000,0,0}'::smallint[] END,
    round(coalesce(b.disbursed_issue_amount, (d.context->>'stopped_amount')::numeric, a.requested_amount) * 100)::bigint,
    coalesce(b.number_of_installments, a.requested_installments)::smallint,
    CASE WHEN b.request_control_key IS NULL THEN 'not_bid' ELSE 'pending' END
  FROM auction a
  LEFT JOIN LATERAL (SELECT * FROM bid WHERE bid.auction_key = a.issuer_proposal_request_key
                     ORDER BY ordinal DESC LIMIT 1) AS b ON true
  JOIN decision d ON d.auction_key = a.issuer_proposal_request_key AND d.ordinal = coalesce(b.ordinal, 1)
  CROSS JOIN LATERAL (SELECT d.trace->'rate_model' AS m) AS model
  WHERE a.received_at >= $1::timestamptz AND a.received_at <= $2::timestamptz AND m->>'cell' IS NOT NULL
    AND (b.request_control_key IS NOT NULL OR d.reason_codes @> ARRAY['MODEL_NO_MARGIN'] OR ${MONEY_STOPPED})`;

/** @returns whether there is more to take at once. */
export async function takeNew(tx: EntityManager, chunk: number): Promise<boolean> {
  const [span] = await tx.query<{ from: string; until: string; full: boolean }[]>(
    `WITH chunk AS (
       SELECT received_at FROM auction
       WHERE received_at >= (SELECT decided_through FROM rate_model_progress)
       ORDER BY received_at LIMIT ${String(chunk)})
     SELECT decided_through::text AS from,
       least(now() - ${OVERLAP}, coalesce(max(received_at), 'infinity'))::text AS until,
       coalesce(count(*) = ${String(chunk)} AND max(received_at) > decided_through
         AND max(received_at) < now() - ${OVERLAP}, false) AS full
     FROM rate_model_progress LEFT JOIN chunk ON true GROUP BY decided_through`,
  );
  if (span === undefined) throw new Error('the progress of learning is gone');
  const until = span.full ? span.until : 'infinity';
  await tx.query(
    `INSERT INTO rate_model_observation (auction_key, day, decided_at, segments, cell, price_row, version, lane, fallback,
       reference_bp, rate_bp, centre_bp, arm, step_bp, propensities, amount, term, ended) ${DECIDED}
     ON CONFLICT (auction_key) DO NOTHING`,
    [span.from, until],
  );
  // What was not committed yet is looked for again.
  await tx.query(
    `UPDATE rate_model_progress SET decided_through = greatest(decided_through,
       CASE WHEN $2::boolean THEN $1::timestamptz ELSE now() - ${OVERLAP} END)`,
    [span.full ? span.until : null, span.full],
  );
  return span.full;
}

const SIGNED = `'signed', 'awaiting_authorization', 'authorized', 'reservation_retrying', 'reservation_failed', 'reserved',
    'disbursement_failed', 'disbursed'`;

/**
 * A bid that QI did not answer. That it was won would prove that QI had it, and that it was lost would not: learnt from when won
 * alone, every lost answer would make our rates look better than they are.
 */
const UNANSWERED = `(b.status = 'unproven' OR b.status_reason = 'known_by_outcome')`;

/** What is odd about an end, so that nothing is learnt from it; a name for each. */
const REFUSED = `CASE
    WHEN a.status = 'won' AND (b.request_control_key IS NULL OR b.status IN ('withdrawn', 'intended', 'rejected'))
      THEN 'OUTCOME_WITHOUT_BID'
    WHEN ${UNANSWERED} THEN 'BID_UNPROVEN'
    WHEN a.status = 'lost' AND b.status <> 'accepted' THEN 'OUTCOME_WITHOUT_BID'
    WHEN a.status = 'won' AND a.rank_position > 1 OR a.status = 'lost' AND a.rank_position = 1 THEN 'RANK_CONTRADICTS'
    WHEN a.status = 'lost' AND o.credit_operation_key IS NOT NULL THEN 'LOAN_OF_A_LOSS'
    WHEN round(b.monthly_interest_rate * 10000) IS DISTINCT FROM b.monthly_interest_rate * 10000 THEN 'RATE_NOT_WHOLE'
  END`;

/** Where a walk over the open ends stands: in the order of their partial index, so that no more rows are read than are open. */
export interface OpenEnd {
  readonly decided_at: string;
  readonly auction_key: string;
}
export const BEFORE_ALL: OpenEnd = { decided_at: '-infinity', auction_key: '' };

/**
 * The ends of bids that are not all known yet, of those after `after`. The rank is the one that the end tells, or none: where a bid
 * stood when QI took it, mostly first of few, says nothing of how it was lost.
 * @returns the last one that was looked at; undefined when none is left
 */
export async function mendEnds(
  tx: EntityManager,
  after: OpenEnd,
  chunk: number,
): Promise<OpenEnd | undefined> {
  const [looked] = await tx.query<OpenEnd[]>(
    `WITH open AS (
       SELECT decided_at, auction_key FROM rate_model_observation
       WHERE (ended = 'pending' OR (ended = 'won' AND paid IS NULL))
         AND decided_at >= $1::timestamptz AND (decided_at > $1::timestamptz OR auction_key > $2)
       ORDER BY decided_at, auction_key LIMIT ${String(chunk)}),
     found AS (
       SELECT open.auction_key,
         CASE WHEN a.status IN ('won', 'lost') THEN a.status
           WHEN a.status IN ('open', 'bidding', 'bid', 'unknown', 'expired') AND a.received_at > now() - ${NEVER_AFTER} THEN 'pending'
           ELSE 'unknown' END AS ended,
         a.rank_position::smallint AS rank,
         CASE WHEN a.status <> 'won' THEN NULL
           WHEN o.status IN (${SIGNED}) THEN true
           WHEN o.status = 'signature_failed' THEN false
           WHEN o.status = 'canceled_permanently' OR a.received_at < now() - ${NEVER_AFTER}
             THEN EXISTS (SELECT FROM operation_event e WHERE e.credit_operation_key = o.credit_operation_key
               AND e.to_status IN (${SIGNED})) END AS accepted,
         CASE WHEN a.status <> 'won' THEN NULL WHEN o.status = 'disbursed' THEN true
           WHEN o.status = 'canceled_permanently' OR a.received_at < now() - ${NEVER_AFTER} THEN false END AS paid,
         ${REFUSED} AS refused
       FROM open JOIN auction a ON a.issuer_proposal_request_key = open.auction_key
       LEFT JOIN LATERAL (SELECT * FROM bid WHERE bid.auction_key = open.auction_key
                          ORDER BY ordinal DESC LIMIT 1) AS b ON true
       LEFT JOIN LATERAL (SELECT * FROM operation WHERE operation.auction_key = open.auction_key
                          ORDER BY opened_at DESC LIMIT 1) AS o ON true),
     mended AS (
       UPDATE rate_model_observation AS kept SET ended = found.ended, rank = found.rank, accepted = found.accepted,
         paid = found.paid, refused = found.refused
       FROM found WHERE kept.auction_key = found.auction_key
         AND (kept.ended, kept.rank, kept.accepted, kept.paid, kept.refused)
           IS DISTINCT FROM (found.ended, found.rank, found.accepted, found.paid, found.refused))
     SELECT decided_at::text AS decided_at, auction_key FROM open ORDER BY open.decided_at DESC, auction_key DESC LIMIT 1`,
    [after.decided_at, after.auction_key],
  );
  return looked;
}

/**
 * Ends of one hash's cells, of a span of days, that were given up while QI may still tell them, as earlier releases did where an auction
 * had expired: the next walk looks at them again. Each is asked for row by row, by its key: joined, the planner may read every
 * auction there is instead.
 */
export async function reopenGivenUp(
  tx: EntityManager,
  segments: string,
  first: string,
  last: string,
): Promise<void> {
  await tx.query(
    `UPDATE rate_model_observation AS kept SET ended = 'pending', accepted = NULL, paid = NULL
     WHERE segments = $1 AND day BETWEEN $2::date AND $3::date AND ended = 'unknown'
       AND day >= (now() - ${NEVER_AFTER})::date AND (
         SELECT status FROM auction
         WHERE issuer_proposal_request_key = kept.auction_key AND received_at > now() - ${NEVER_AFTER}
       ) IN ('expired', 'won', 'lost')`,
    [segments, first, last],
  );
}

/**
 * Losses that have become wins: of two proposals of one bid (docs/adr/repeating-a-bid.md) one was lost first, and the other has won. Each
 * end that was told since the last look is looked at once.
 */
export async function reopenWon(tx: EntityManager): Promise<void> {
  const [since] = await tx.query<{ ended_through: string }[]>(
    `SELECT ended_through::text AS ended_through FROM rate_model_progress`,
  );
  await tx.query(
    `UPDATE rate_model_observation AS kept SET ended = 'pending' FROM auction
     WHERE auction.ended_at >= $1::timestamptz AND auction.status = 'won'
       AND kept.auction_key = issuer_proposal_request_key AND kept.ended = 'lost'`,
    [since?.ended_through],
  );
  await tx.query(
    `UPDATE rate_model_progress SET ended_through = greatest(ended_through, now() - ${OVERLAP})`,
  );
}

/** How ends are read. Raised when it changes: what was learnt before is looked at again, once (`reopenLearnt`). */
const READING = 1;
/** A release before may have gone on beside this one for so long. */
const OVERLAP_DAYS = 3;

/** Up to which day the ends of one hash's cells have been looked at as they are read now. */
export async function learntThrough(sql: Pick<EntityManager, 'query'>, segments: string): Promise<string> {
  const [row] = await sql.query<{ through: string }[]>(
    `SELECT (through - ${String(OVERLAP_DAYS)})::text AS through FROM rate_model_reopening
     WHERE segments = $1 AND reading = ${String(READING)}`,
    [segments],
  );
  return row?.through ?? '';
}

/**
 * Ends of one hash's cells, of one day, that earlier releases learnt from, however long ago, though QI had not answered the bid, or
 * with a rank that the end had not told. Nearly every win and loss is asked for by its key: a day at a time, and once.
 */
export async function reopenLearnt(tx: EntityManager, segments: string, day: string): Promise<void> {
  await tx.query(
    `UPDATE rate_model_observation AS kept SET ended = 'pending', accepted = NULL, paid = NULL
     WHERE segments = $1 AND day = $2::date AND refused IS NULL AND CASE ended
       WHEN 'won' THEN (
         SELECT status_reason FROM bid WHERE bid.auction_key = kept.auction_key ORDER BY ordinal DESC LIMIT 1
       ) = 'known_by_outcome'
       WHEN 'lost' THEN rank IS NOT NULL AND EXISTS (
         SELECT FROM auction WHERE issuer_proposal_request_key = kept.auction_key AND rank_position IS NULL
       ) END`,
    [segments, day],
  );
  await tx.query(
    `INSERT INTO rate_model_reopening AS before (segments, reading, through) VALUES ($1, ${String(READING)}, $2)
     ON CONFLICT (segments) DO UPDATE SET reading = excluded.reading,
       through = CASE WHEN before.reading = excluded.reading THEN greatest(before.through, excluded.through)
         ELSE excluded.through END`,
    [segments, day],
  );
}

/** There was a rate worth bidding, and the day's money stopped it. */
const STOPPED = `ended = 'not_bid' AND rate_bp IS NOT NULL`;

/** Sums of the days of one span, of cells of one hash; what is refused or not known is left out. */
export const SUMS = `
  SELECT day::text AS day, cell, lane, rate_bp, arm, step_bp, count(*) FILTER (WHERE NOT (${STOPPED}))::int AS requests,
    count(*) FILTER (WHERE ended = 'won')::int AS won,
    count(*) FILTER (WHERE ended = 'lost' AND rank = 2)::int AS second,
    count(*) FILTER (WHERE ended = 'lost' AND rank > 2)::int AS behind,
    count(*) FILTER (WHERE ended = 'lost' AND (rank IS NULL OR rank < 2))::int AS unranked,
    count(*) FILTER (WHERE accepted)::int AS accepted,
    count(*) FILTER (WHERE ended = 'won' AND accepted IS NOT TRUE)::int AS refused,
    count(*) FILTER (WHERE accepted AND paid)::int AS paid,
    count(*) FILTER (WHERE accepted AND paid IS NOT TRUE)::int AS failed,
    coalesce(sum(amount) FILTER (WHERE NOT (${STOPPED})) / 100.0, 0)::float8 AS amount,
    count(*) FILTER (WHERE ${STOPPED})::int AS stopped,
    coalesce(sum(amount) FILTER (WHERE ${STOPPED}) / 100.0, 0)::float8 AS stopped_amount,
    coalesce(sum(amount) FILTER (WHERE ended = 'won') / 100.0, 0)::float8 AS won_amount
  FROM rate_model_observation
  WHERE segments = $1 AND day BETWEEN $2::date AND $3::date AND refused IS NULL AND ended IN ('won', 'lost', 'not_bid')
  GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`;

/** Of each day of the span, the document of the version that most learned rates were bid with. */
export const BID_WITH = `
  SELECT DISTINCT ON (day) day::text AS day, document
  FROM (SELECT day, version, count(*) AS bids FROM rate_model_observation
        WHERE segments = $1 AND day BETWEEN $2::date AND $3::date AND lane IN ('canary', 'learned')
        GROUP BY 1, 2) AS bid_with
  JOIN rate_model_version ON hash = version
  ORDER BY day, bids DESC, hash`;
