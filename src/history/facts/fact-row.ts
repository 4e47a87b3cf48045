import { isEmptied } from '../../platform';
import { isAnswered } from '../../auction';
import { SAO_PAULO } from '../../kernel';
import { instalmentsOwed } from '../../operation';
import { makingStale, type Keeping } from './day-sums';

/*
 * The one place that says what a fact is. The job that keeps the table and the recount that checks it read the same.
 */

/** Raised with every change of what a fact is. */
export const SHAPE = 6;
/** Of a row of `history_fact`: it may be other than a lower shape has it, and is derived anew. An index has these words. */
export const OUTDATED = `(shape < 1 OR shape < 2 AND NOT first_paid OR shape < 4 AND status IN ('won', 'lost')
  OR shape < 6 AND first_due IS NOT NULL)`;

/** What follows from the tables that work; what takes Node to work out (the margin) comes after. */
export const DERIVED = [
  'key',
  'received_at',
  'day',
  'hour',
  'product',
  'status',
  'loan',
  'policy_version',
  'reason',
  'reasons',
  'employer_index',
  'tenure_months',
  'asked',
  'asked_term',
  'bid_key',
  'rate',
  'term',
  'offered',
  'price_row',
  'rank',
  'seconds_left',
  'paid_on',
  'first_due',
  'first_paid',
  'told_loss',
  'unanswered',
] as const;

const local = (instant: string): string => `(${instant} AT TIME ZONE '${SAO_PAULO}')`;
/**
 * What no loan has, more than ten thousand million reais, a hundred per cent a month, ten thousand instalments, is not
 * known: one number that does not fit would stop the facts and the sums of all others.
 */
const fitting = (number: string, most: number, type: string): string =>
  `CASE WHEN abs(${number}) <= ${String(most)} THEN (${number})::${type} END`;
const cents = (amount: string): string => fitting(`round(${amount} * 100)`, 1_000_000_000_000, 'bigint');
const millionths = (rate: string): string => fitting(`round(${rate} * 1000000)`, 1_000_000, 'integer');
const number = (count: string): string => fitting(count, 10_000, 'smallint');

const PAID = `'paid', 'late', 'prepaid'`;
/** When it was told an instalment was over: paid, written off, or open after its day. What is not due yet says nothing. */
const WAS_OVER = `(status <> 'unpaid' OR due_on < ${local('imported_at')}::date)`;
/**
 * What was told of a loan: whether the first instalment was paid, and the loss once the loan is over (every instalment paid, be it
 * ahead, or written off); until then the loss is only expected. A release before let instalments in that a loan does not have.
 */
const told = (operation: string): string => `LATERAL (
  SELECT min(due_on) FILTER (WHERE installment = 1) AS first_due,
    bool_or(status IN (${PAID})) FILTER (WHERE installment = 1 AND ${WAS_OVER}) AS first_paid,
    CASE WHEN count(*) FILTER (WHERE status IN (${PAID}, 'written_off')) = max(owed.installments)
      THEN ${cents('coalesce(sum(loss_amount), 0)')} END AS told_loss
  FROM loan_outcome JOIN loan_outcome_import ON id = import_id,
    LATERAL (SELECT ${instalmentsOwed(operation)} AS installments OFFSET 0) AS owed
  WHERE credit_operation_key = ${operation}.credit_operation_key
    AND installment <= owed.installments) AS told ON true`;

/** Not LEAST and GREATEST alone: they pass over what is not known. */
const within = (number: string, [least, most]: readonly [number, number]): string =>
  `CASE WHEN ${number} < ${String(least)} THEN ${String(least)} WHEN ${number} > ${String(most)} THEN ${String(most)}
    ELSE ${number} END::smallint`;
const secondsLeft = within('floor(extract(epoch FROM a.inclusion_limit_at - sent.at))', [-30_000, 30_000]);
/** Of a borrower whose data was erased, what was counted under it stays. */
const tenureMonths = `CASE WHEN tenure IS NOT NULL
      THEN ${within('extract(year FROM tenure) * 12 + extract(month FROM tenure)', [0, 600])}
      WHEN ${isEmptied('a.personal_ciphertext')}
      THEN (SELECT tenure_months FROM history_fact WHERE key = a.issuer_proposal_request_key) END`;

/**
 * The facts of the auctions whose keys `keys` yields, a query with the one column `key`. What belongs to an auction is looked
 * up by its key: joined freely, each chunk of a long history was held against whole tables.
 */
export const factsOfAuctions = (keys: string): string => `
  SELECT a.issuer_proposal_request_key AS key, a.received_at, ${local('a.received_at')}::date AS day,
    extract(hour FROM ${local('a.received_at')})::smallint AS hour, 'private_payroll' AS product, a.status,
    o.status AS loan, d.policy_version, CASE WHEN d.outcome = 'no_bid' THEN d.reason_codes[1] END AS reason,
    why.reasons, CASE WHEN a.employer_document_type = 'cnpj' THEN a.employer_index END AS employer_index,
    ${tenureMonths} AS tenure_months,
    ${cents('a.requested_amount')} AS asked, ${number('a.requested_installments')} AS asked_term,
    b.request_control_key AS bid_key, ${millionths('b.monthly_interest_rate')} AS rate,
    ${number('b.number_of_installments')} AS term, ${cents('b.disbursed_issue_amount')} AS offered, b.price_row,
    ${number('a.rank_position')} AS rank,
    ${secondsLeft} AS seconds_left,
    CASE WHEN o.status = 'disbursed' THEN ${local('o.status_since')}::date END AS paid_on,
    told.first_due, told.first_paid, told.told_loss,
    CASE WHEN a.status IN ('won', 'lost') AND ${isAnswered('b')} IS NOT TRUE THEN true END AS unanswered
  FROM (${keys}) AS wanted
  JOIN auction a ON a.issuer_proposal_request_key = wanted.key
  LEFT JOIN LATERAL (SELECT policy_version, outcome, reason_codes FROM decision
                     WHERE decision.auction_key = a.issuer_proposal_request_key AND ordinal = 1 LIMIT 1) AS d ON true
  LEFT JOIN LATERAL (SELECT array_agg(DISTINCT code ORDER BY code) AS reasons FROM decision, unnest(reason_codes) AS code
                     WHERE decision.auction_key = a.issuer_proposal_request_key) AS why ON true
  LEFT JOIN LATERAL (SELECT max(submitted_at) AS at FROM bid
                     WHERE bid.auction_key = a.issuer_proposal_request_key) AS sent ON true
  LEFT JOIN LATERAL (SELECT * FROM bid WHERE bid.auction_key = a.issuer_proposal_request_key
                     ORDER BY ordinal DESC LIMIT 1) AS b ON true
  LEFT JOIN LATERAL (SELECT * FROM operation
                     WHERE operation.credit_operation_key = a.credit_operation_key LIMIT 1) AS o ON true
  LEFT JOIN ${told('o')}
  LEFT JOIN LATERAL age(${local('a.received_at')}::date, a.admission_date) AS tenure
    ON a.admission_date <= ${local('a.received_at')}::date`;

/** The facts of the loans that no auction brought, of the operations whose keys `keys` yields. */
export const factsOfLoans = (keys: string): string => `
  SELECT o.credit_operation_key AS key, o.opened_at AS received_at, ${local('o.opened_at')}::date AS day,
    extract(hour FROM ${local('o.opened_at')})::smallint AS hour, o.product, 'won' AS status, o.status AS loan,
    NULL::text AS policy_version, NULL::text AS reason, NULL::text[] AS reasons, NULL::bytea AS employer_index, NULL::smallint AS tenure_months,
    ${cents('o.disbursed_issue_amount')} AS asked, ${number('o.number_of_installments')} AS asked_term,
    NULL::uuid AS bid_key, ${millionths('o.monthly_interest_rate')} AS rate,
    ${number('o.number_of_installments')} AS term, ${cents('o.disbursed_issue_amount')} AS offered,
    NULL::text AS price_row, NULL::smallint AS rank, NULL::smallint AS seconds_left,
    CASE WHEN o.status = 'disbursed' THEN ${local('o.status_since')}::date END AS paid_on,
    told.first_due, told.first_paid, told.told_loss, NULL::boolean AS unanswered
  FROM (${keys}) AS wanted
  JOIN operation o ON o.credit_operation_key = wanted.key AND o.origin = 'active'
  LEFT JOIN ${told('o')}`;

const changed = DERIVED.filter((column) => column !== 'key');
/** What is worked out of a bid, of the types they are stored in. They go when the bid is another one. */
const OF_THE_BID = {
  margin_is: 'text',
  loss_row: 'text',
  interest: 'bigint',
  discount: 'bigint',
  rebate: 'bigint',
  funding: 'bigint',
  prepayment: 'bigint',
  expected_loss: 'bigint',
  cost: 'bigint',
  margin: 'bigint',
  margin_rate: 'integer',
  paid_out: 'integer',
} as const;
const ofTheBid = Object.keys(OF_THE_BID);
const row = (of: string): string => `(${changed.map((column) => `${of}.${column}`).join(', ')})`;
const hasMore = `kept.bid_key = excluded.bid_key AND kept.margin_is IS NULL AND excluded.margin_is IS NOT NULL`;

/** What bids are worth (`worth`, a parameter: a JSON array), to be stored in the same writing as their facts. */
const worthOf = (worth: string): string => `jsonb_to_recordset(${worth}::jsonb) AS worth (bid_key uuid,
  ${Object.entries(OF_THE_BID)
    .map(([column, type]) => `${column} ${type}`)
    .join(', ')})`;

/**
 * Writes facts as `derived` has them; a row that says the same already is left alone.
 * @param keys a query of their keys
 * @param worth the parameter that holds what their bids are worth; what is stored for the same bid stands
 */
export const storeFacts = (
  derived: (keys: string) => string,
  keys: string,
  { worth = `'[]'`, keeping = makingStale }: { readonly worth?: string; readonly keeping?: Keeping } = {},
): string =>
  keeping(
    `INSERT INTO history_fact AS kept (${[...DERIVED, ...ofTheBid].join(', ')}, shape)
  SELECT ${[...DERIVED.map((column) => `facts.${column}`), ...ofTheBid.map((column) => `worth.${column}`)].join(', ')}, ${String(SHAPE)}
  FROM (${derived(keys)}) AS facts LEFT JOIN ${worthOf(worth)} ON worth.bid_key = facts.bid_key
  ON CONFLICT (key) DO UPDATE SET shape = excluded.shape, ${[
    ...changed.map((column) => `${column} = excluded.${column}`),
    ...ofTheBid.map(
      (column) =>
        `${column} = CASE WHEN kept.bid_key = excluded.bid_key AND kept.margin_is IS NOT NULL THEN kept.${column}
          ELSE excluded.${column} END`,
    ),
  ].join(', ')}
  WHERE kept.shape < excluded.shape OR ${row('kept')} IS DISTINCT FROM ${row('excluded')} OR (${hasMore})`,
    keys,
  );
