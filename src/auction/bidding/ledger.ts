import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { Decimal, hasCode, type CalendarDate } from '../../kernel';
import { COUNTED_IN, Standings, type CounterChange, type LimitName, type Parties } from '../../exposure';
import { HOT_POOL, InstanceRegistry, freeRows, givesUpAfterMs } from '../../platform';
import { RecoveryGeneration } from '../../recovery';
import type { AuctionStatus } from '../domain/auction-status';
import type { BidStatus } from '../domain/bid-status';
import type { Deadline } from '../domain/deadline';
import type { StatusReason } from '../domain/status-reasons';

/** An auction as it is written for the first time. Columns as they are named on disk; `null` is not known. */
export interface AuctionRow {
  readonly issuer_proposal_request_key: string;
  readonly webhook_event_id: string;
  readonly status: AuctionStatus;
  readonly status_reason: StatusReason | null;
  readonly received_at: Date;
  readonly event_at_text: string | null;
  readonly inclusion_limit_text: string | null;
  readonly expiration_text: string | null;
  readonly deadline_reading: Extract<Deadline, { kind: 'deadline' }>['reading'] | null;
  readonly inclusion_limit_at: Date | null;
  readonly expiration_at: Date | null;
  readonly requested_amount: string | null;
  readonly requested_installments: number | null;
  readonly consigned_credit_balance: string | null;
  readonly admission_date: CalendarDate | null;
  readonly eligible: boolean | null;
  /** Bytes as PostgreSQL reads them: \x and hex. */
  readonly borrower_index: string | null;
  readonly employer_index: string | null;
  readonly employer_document_type: string | null;
  readonly personal_key_id: string;
  readonly personal_ciphertext: string;
  readonly unreadable_fields: readonly object[];
}

export interface DecisionRow {
  readonly auction_key: string;
  /** That of the bid it led to; 1 is the auction's own. */
  readonly ordinal: number;
  readonly decided_at: Date;
  readonly outcome: 'bid' | 'no_bid';
  readonly policy_version: string;
  readonly policy_hash: string;
  readonly reasons: readonly object[];
  readonly trace: object;
  readonly context: object;
  readonly output_sha256: string;
  /** Of the dated tables it used. */
  readonly data_sha256: string;
}

export interface BidRow {
  readonly request_control_key: string;
  readonly auction_key: string;
  readonly ordinal: number;
  readonly status: BidStatus;
  readonly status_reason: StatusReason | null;
  readonly monthly_interest_rate: string;
  readonly number_of_installments: number;
  readonly disbursed_issue_amount: string;
  readonly installment_face_value: string;
  readonly issue_amount: string;
  readonly assignment_amount: string;
  readonly iof_amount: string;
  readonly monthly_cet: string;
  readonly disbursement_date: CalendarDate;
  readonly first_due_date: CalendarDate;
  readonly days_to_expiration: number;
  readonly rebates: readonly object[];
  readonly price_row: string;
  readonly created_at: Date;
  readonly submit_by: Date;
  readonly submitted_at: Date | null;
}

export interface ExposureRow {
  readonly request_control_key: string;
  readonly auction_key: string;
  readonly borrower_index: string | null;
  readonly employer_index: string | null;
  readonly amount: string;
  readonly monthly_interest_rate: string;
  /** The day of São Paulo whose limit it counts in. */
  readonly counted_on: CalendarDate;
  readonly live_until: Date;
}

/** One POST and what came back. */
export interface AttemptRow {
  readonly request_control_key: string;
  readonly ordinal: number;
  readonly sent_at: Date;
  readonly answered_at: Date;
  readonly outcome: 'accepted' | 'rejected' | 'not_taken' | 'server_error' | 'no_answer';
  readonly http_status: number | null;
  readonly detail: string | null;
  readonly answer: string | null;
}

/** What an auction and its bid came to. The statuses they may have before it stand beside: the guard of the update. */
export interface SettlementRow {
  readonly auction_key: string;
  readonly request_control_key: string;
  readonly auction_status: AuctionStatus;
  readonly auction_from: readonly AuctionStatus[];
  readonly bid_status: BidStatus;
  readonly bid_from: readonly BidStatus[];
  /** Ours, QI's words, or the network's. */
  readonly reason: string | null;
  readonly answered_at: Date;
  readonly auction_proposal_key: string | null;
  readonly rank_position: number | null;
  readonly simulation: object | null;
  /** What of the simulation is not ours, and what of that is remarkable; null where nothing was compared. */
  readonly drift: { readonly differences: readonly object[]; readonly remarkable: readonly object[] } | null;
  /** Whether nothing is at risk any more. */
  readonly frees_exposure: boolean;
  /** The process that must hold the auction, where it is not QI's yes or no that is recorded; null: whoever heard that. */
  readonly held_by: string | null;
}

/** Everything a batch of decisions writes, in one commit. */
export interface DecidedBatch {
  readonly auctions: readonly AuctionRow[];
  readonly decisions: readonly DecisionRow[];
  readonly bids: readonly BidRow[];
  readonly exposures: readonly ExposureRow[];
  readonly counters: readonly CounterChange[];
  /** The webhooks that this applies: they must be new and leased to this process. */
  readonly eventIds: readonly string[];
  /** Hashes: one of them must be in force, where anything was decided. */
  readonly policies: readonly string[];
  /** Of the version of learned rates that they were decided with; it must be in force, and nobody back at the table. */
  readonly rates: string | undefined;
}

/** Whom and what a batch of decisions needs to know about. */
export interface StandingsQuestion {
  readonly parties: readonly Parties[];
  readonly counters: readonly { readonly name: LimitName; readonly key: string }[];
  /** What a webhook would wait under that came before its auction. */
  readonly correlationKeys: readonly string[];
}

export interface StandingsAnswer {
  readonly standings: Standings;
  readonly isKillSwitchEngaged: boolean;
  /** No request made before it is bid for: a bid may have been lost with a restore. Undefined: there was none. */
  readonly bidsFrom: Date | undefined;
  /** Those of the correlation keys under which a webhook waits. */
  readonly waitingFor: ReadonlySet<string>;
}

/** Why a batch of decisions was not written. Nothing of it is on disk. */
export type LedgerRefusal =
  | 'auction_exists'
  | 'event_lost'
  | 'standing_changed'
  | 'kill_switch'
  | 'policy_changed'
  | 'rates_changed'
  | 'other_history';

/** The batch was refused whole: what it was decided on is not so any more. */
export class LedgerRefusedError extends Error {
  override readonly name = 'LedgerRefusedError';
  constructor(readonly refusal: LedgerRefusal) {
    super(refusal);
  }
}

/** Before a POST: the bid is marked as being sent, or goes back to intended because QI certainly has none of it. */
export interface Mark {
  readonly auctionKey: string;
  readonly requestControlKey: string;
  /** Higher than that of any mark of this bid that was asked for before: whichever of those comes later does nothing. */
  readonly number: number;
  readonly to: 'sending' | 'intended';
  /** POSTs that are not on disk yet. */
  readonly attempts: readonly AttemptRow[];
}

/**
 * What became of a mark. not_ours: the auction has ended or another process holds it. late: it came to the database after
 * we should have given it up; nothing was marked.
 */
export type Marked = 'marked' | 'kill_switch' | 'not_ours' | 'late';

export interface ClaimedAuction {
  readonly key: string;
  readonly status: 'open' | 'bidding';
  readonly limit_at: Date;
  readonly expiration_at: Date;
  readonly received_at: Date;
}

/**
 * Every statement on the way of an auction, each named, prepared once and given a batch; values in, values out.
 *
 * Locks, in this order: auctions, bids, webhooks, then the counters of limits in the order of `LIMIT_NAMES` and of their
 * keys; all in one statement, held until its commit. `commitDecisions` and `settle` are on disk when they resolve. A
 * batch is written whole or not at all. What takes a lease, or marks under one, does nothing after it was given up: by then
 * its caller has gone on. Whoever is not the holder of a lease changes nothing, except to record QI's
 * yes or no to a POST of its own, and that it was made.
 */
@Injectable()
export class AuctionLedger {
  constructor(
    @Inject(HOT_POOL) private readonly pool: Pool,
    private readonly instances: InstanceRegistry,
    private readonly recovery: RecoveryGeneration,
  ) {}

  /** Where we stand, read once for the whole batch. */
  async standings({ parties, counters, correlationKeys }: StandingsQuestion): Promise<StandingsAnswer> {
    const rows = await this.#query<StandingsRow>('auction-standings', STANDINGS, [
      distinct(parties.map(({ borrower }) => borrower)),
      distinct(parties.map(({ employer }) => employer)),
      counters.map(({ name }) => name),
      counters.map(({ key }) => key),
      correlationKeys,
    ]);
    const of = (what: StandingsRow['what']): readonly StandingsRow[] =>
      rows.filter((row) => row.what === what);
    const [bidsFrom] = of('bids_from');
    return {
      standings: new Standings(
        of('offers').map(({ name, key, offers, lowest_rate }) => ({
          whose: name as 'per_borrower' | 'per_employer',
          key,
          offers: offers ?? 0,
          lowestRate: lowest_rate === null ? undefined : new Decimal(lowest_rate),
        })),
        of('counter').map(({ name, key, used, revision }) => ({
          name: name as LimitName,
          key,
          used: new Decimal(used ?? 0),
          revision: revision ?? '0',
        })),
      ),
      isKillSwitchEngaged: of('kill_switch').length > 0,
      bidsFrom: bidsFrom && new Date(bidsFrom.key),
      waitingFor: new Set(of('waiting').map(({ key }) => key)),
    };
  }

  /**
   * Opens, decides, reserves and marks as SENDING, with the webhooks that led to it, in one commit.
   * @throws LedgerRefusedError when any of it may not be; then none of it is written.
   */
  async commitDecisions(batch: DecidedBatch): Promise<void> {
    try {
      await this.#query('auction-decisions', COMMIT_DECISIONS, [
        recordset(inOrderOfLocks(batch.auctions, (auction) => auction.issuer_proposal_request_key)),
        recordset(batch.decisions),
        recordset(batch.bids),
        recordset(batch.exposures),
        recordset(batch.counters),
        batch.eventIds,
        this.instances.id,
        ...this.#known(),
        batch.policies,
        batch.rates,
      ]);
    } catch (error) {
      if (isRefusal(error)) throw new LedgerRefusedError(error.message as LedgerRefusal);
      throw error;
    }
  }

  /** Of these auctions, those on disk and the webhook that each came from; for a batch that was refused. */
  async existing(keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#query<{ key: string; event_id: string }>('auctions-existing', EXISTING, [keys]);
    return new Map(rows.map(({ key, event_id }) => [key, event_id]));
  }

  /** Of these webhooks, those that are still to be applied by this process. */
  async stillOurs(eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#query<{ id: string }>('webhooks-still-ours', STILL_OURS, [
      eventIds,
      this.instances.id,
    ]);
    return new Set(rows.map(({ id }) => id));
  }

  /** On disk when it resolves, in the order given: SENDING only while the auction is ours and the switch allows it. */
  async mark(marks: readonly Mark[]): Promise<readonly Marked[]> {
    const rows = await this.#query<{ control_key: string; engaged: boolean; marked: boolean; late: boolean }>(
      'auction-marks',
      MARK,
      [
        recordset(
          inOrderOfLocks(marks, (mark) => mark.auctionKey).map((mark) => ({
            auction_key: mark.auctionKey,
            request_control_key: mark.requestControlKey,
            number: mark.number,
            to: mark.to,
          })),
        ),
        recordset(marks.flatMap(({ attempts }) => attempts)),
        this.instances.id,
        ...this.#known(),
        this.#givenUpAt(),
      ],
    );
    const found = new Map(rows.map((row) => [row.control_key, row]));
    return marks.map(({ requestControlKey }) => {
      const row = found.get(requestControlKey);
      if (row?.marked === true) return 'marked';
      if (row?.late === true) return 'late';
      return row?.engaged === true ? 'kill_switch' : 'not_ours';
    });
  }

  /** Records what QI answered and what follows from it, with what it puts at risk no more, in one commit. */
  async settle(settlements: readonly SettlementRow[], attempts: readonly AttemptRow[]): Promise<void> {
    await this.#query('auction-settlements', SETTLE, settleParameters(settlements, attempts));
  }

  /**
   * Takes over auctions that nobody works on, none that is in our hands: free, of a dead process, or leased to this one.
   * Earliest limit first.
   */
  claim(inHand: readonly string[], most: number): Promise<readonly ClaimedAuction[]> {
    return this.#query<ClaimedAuction>('auctions-claim', CLAIM, [
      this.instances.id,
      inHand,
      most,
      this.#givenUpAt(),
    ]);
  }

  /** Leaves to others at once what this process holds and has not in its hands. */
  async giveBack(inHand: readonly string[]): Promise<void> {
    await this.#query('auctions-give-back', GIVE_BACK, [this.instances.id, inHand]);
  }

  /** Of these auctions, those that this process does not hold any more: they have ended, or another has taken them over. */
  async lost(keys: readonly string[]): Promise<readonly string[]> {
    const rows = await this.#query<{ key: string }>('auctions-lost', LOST, [keys, this.instances.id]);
    return rows.map(({ key }) => key);
  }

  /** The moment, by the database's clock, until which a statement that is asked now is waited for, or one before it. */
  #givenUpAt(): Date {
    return new Date(this.instances.databaseNotBefore().getTime() + givesUpAfterMs(this.pool));
  }

  /** What this process knows to be on disk: nothing is decided or sent on a database that holds less. */
  #known(): readonly [generation: string | undefined, counter: number | undefined] {
    const { known } = this.recovery;
    return [known?.generation, known?.counter];
  }

  async #query<Row extends object>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    const { rows } = await this.pool.query<Row>({ name, text, values: [...values] });
    return rows;
  }
}

/** The parameters of SETTLE, for whoever runs it inside a transaction of their own. */
export function settleParameters(
  settlements: readonly SettlementRow[],
  attempts: readonly AttemptRow[],
): readonly unknown[] {
  return [recordset(inOrderOfLocks(settlements, ({ auction_key }) => auction_key)), recordset(attempts)];
}

interface StandingsRow {
  readonly what: 'offers' | 'counter' | 'kill_switch' | 'bids_from' | 'waiting';
  readonly name: string;
  readonly key: string;
  readonly offers: number | null;
  readonly lowest_rate: string | null;
  readonly used: string | null;
  readonly revision: string | null;
}

/** Live offers are counted by now(), not clock_timestamp(): the latter cannot use an index. */
const offersTo = (name: string, column: string, parameter: string): string => `
  SELECT 'offers' AS what, '${name}' AS name, encode(index, 'hex') AS key, live.offers,
    live.lowest_rate, NULL::text AS used, NULL::text AS revision
  FROM unnest(${parameter}::bytea[]) AS index CROSS JOIN LATERAL (
    SELECT count(*)::int AS offers, min(monthly_interest_rate)::text AS lowest_rate FROM exposure
    WHERE ${column} = index AND status <> 'released' AND live_until > now()) AS live`;

const STANDINGS = `
  ${offersTo('per_borrower', 'borrower_index', '$1')}
  UNION ALL ${offersTo('per_employer', 'employer_index', '$2')}
  UNION ALL
  SELECT 'counter', name, key, NULL, NULL, used::text, revision::text
  FROM unnest($3::text[], $4::text[]) AS wanted (name, key) JOIN limit_use USING (name, key)
  UNION ALL
  SELECT 'kill_switch', '', '', NULL, NULL, NULL, NULL FROM kill_switch WHERE engaged
  UNION ALL
  SELECT 'bids_from', '', to_char(max(bids_from), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), NULL, NULL, NULL, NULL
  FROM recovery HAVING count(*) > 0
  UNION ALL
  SELECT 'waiting', '', correlation_key, NULL, NULL, NULL, NULL
  FROM webhook_event WHERE status = 'waiting' AND correlation_key = ANY ($5::text[])`;

/** @param rows the parameter that holds them, as JSON. @param holder the one with the process that goes on with them. */
export const insertAuctions = (rows: string, holder: string, onConflict = 'DO NOTHING'): string => `
  INSERT INTO auction (issuer_proposal_request_key, webhook_event_id, status, status_reason, received_at,
    event_at_text, inclusion_limit_text, expiration_text, deadline_reading, inclusion_limit_at, expiration_at,
    requested_amount, requested_installments, consigned_credit_balance, admission_date, eligible, borrower_index,
    employer_index, employer_document_type, personal_key_id, personal_ciphertext, unreadable_fields, lease_owner)
  SELECT issuer_proposal_request_key, webhook_event_id, status, status_reason, received_at, event_at_text,
    inclusion_limit_text, expiration_text, deadline_reading, inclusion_limit_at, expiration_at, requested_amount,
    requested_installments, consigned_credit_balance, admission_date, eligible, borrower_index, employer_index,
    employer_document_type, personal_key_id, personal_ciphertext, unreadable_fields,
    CASE WHEN status IN ('open', 'bidding') THEN ${holder}::uuid END
  FROM json_to_recordset(${rows}::json) AS new (issuer_proposal_request_key text, webhook_event_id bigint,
    status text, status_reason text, received_at timestamptz, event_at_text text, inclusion_limit_text text,
    expiration_text text, deadline_reading text, inclusion_limit_at timestamptz, expiration_at timestamptz,
    requested_amount numeric, requested_installments integer, consigned_credit_balance numeric, admission_date date,
    eligible boolean, borrower_index bytea, employer_index bytea, employer_document_type text, personal_key_id text,
    personal_ciphertext bytea, unreadable_fields jsonb)
  ON CONFLICT (issuer_proposal_request_key) ${onConflict}
  RETURNING 1`;

/** An auction opened apart, or left open by an earlier release, is decided where it stands; any other that exists is left alone. */
const OPEN_AUCTIONS = insertAuctions(
  '$1',
  '$7',
  `DO UPDATE SET status = EXCLUDED.status, status_reason = EXCLUDED.status_reason, lease_owner = EXCLUDED.lease_owner
   WHERE auction.status = 'open' AND auction.lease_owner = $7::uuid`,
);

const DECISION_COLUMNS = `auction_key text, ordinal integer, decided_at timestamptz, outcome text, policy_version text,
  policy_hash text, reasons jsonb, trace jsonb, context jsonb, output_sha256 text, data_sha256 text`;

/** For a decision alone. @param rows the number of the parameter that holds them, as JSON */
export const insertDecisions = (rows: string): string => `
  INSERT INTO decision (auction_key, ordinal, decided_at, outcome, policy_version, policy_hash, reasons, trace,
    context, output_sha256, data_sha256)
  SELECT auction_key, ordinal, decided_at, outcome, policy_version, policy_hash, reasons, trace, context,
    output_sha256, data_sha256
  FROM json_to_recordset(${rows}::json) AS new (${DECISION_COLUMNS})
  ON CONFLICT DO NOTHING`;

/** For a bid alone. @param rows the number of the parameter that holds them, as JSON */
export const insertBids = (rows: string): string => `
  INSERT INTO bid (request_control_key, auction_key, ordinal, status, status_reason, monthly_interest_rate,
    number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount,
    iof_amount, monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row, created_at,
    submit_by, submitted_at)
  SELECT request_control_key, auction_key, ordinal, status, status_reason, monthly_interest_rate,
    number_of_installments, disbursed_issue_amount, installment_face_value, issue_amount, assignment_amount,
    iof_amount, monthly_cet, disbursement_date, first_due_date, days_to_expiration, rebates, price_row, created_at,
    submit_by, submitted_at
  FROM json_to_recordset(${rows}::json) AS new (request_control_key uuid, auction_key text, ordinal integer,
    status text, status_reason text, monthly_interest_rate numeric, number_of_installments integer,
    disbursed_issue_amount numeric, installment_face_value numeric, issue_amount numeric, assignment_amount numeric,
    iof_amount numeric, monthly_cet numeric, disbursement_date date, first_due_date date, days_to_expiration integer,
    rebates jsonb, price_row text, created_at timestamptz, submit_by timestamptz, submitted_at timestamptz)
  ON CONFLICT DO NOTHING`;

const RESERVE = `
  INSERT INTO exposure (request_control_key, auction_key, borrower_index, employer_index, amount,
    monthly_interest_rate, counted_on, live_until, status)
  SELECT request_control_key, auction_key, borrower_index, employer_index, amount, monthly_interest_rate, counted_on,
    live_until, 'reserved'
  FROM json_to_recordset($4::json) AS new (request_control_key uuid, auction_key text, borrower_index bytea,
    employer_index bytea, amount numeric, monthly_interest_rate numeric, counted_on date, live_until timestamptz)
  ON CONFLICT DO NOTHING`;

/** Counters are made or raised in the order of locks; one that would pass its cap, or has changed, is not returned. */
const COUNT = `
  INSERT INTO limit_use AS present (name, key, used, cap, revision)
  SELECT name, key, amount, cap, revision + 1
  FROM json_to_recordset($5::json) AS change (place integer, name text, key text, amount numeric, cap numeric,
    revision bigint)
  WHERE cap IS NULL OR amount <= cap
  ORDER BY place, key
  ON CONFLICT (name, key) DO UPDATE
  SET used = present.used + EXCLUDED.used, cap = EXCLUDED.cap, revision = present.revision + 1
  WHERE (EXCLUDED.cap IS NULL OR present.used + EXCLUDED.used <= EXCLUDED.cap)
    AND (present.name <> 'per_borrower' OR present.revision + 1 = EXCLUDED.revision)
  RETURNING 1`;

/** What many auctions have in common, for the search (docs/adr/history-facets.md). */
const FACETS = `
  INSERT INTO auction_facet (facet, received_at, issuer_proposal_request_key)
  SELECT facet, received_at, issuer_proposal_request_key
  FROM json_to_recordset($1::json) AS new (issuer_proposal_request_key text, received_at timestamptz)
  JOIN json_to_recordset($2::json) AS decided (auction_key text, policy_version text, reasons jsonb)
    ON auction_key = issuer_proposal_request_key
  CROSS JOIN LATERAL facets_of(reason_codes_of(reasons), policy_version) AS facet
  ON CONFLICT DO NOTHING`;

/** Whoever listens is told; while nobody does, nothing is read or written. */
const LISTENERS = `SELECT id FROM notification_endpoint WHERE removed_at IS NULL AND 'auction.decided' = ANY (event_types)`;
const TELL = `
  INSERT INTO notification_event (id, type, subject, occurred_at, data)
  SELECT gen_random_uuid(), 'auction.decided', d.auction_key, clock_timestamp(), jsonb_build_object(
    'issuer_proposal_request_key', d.auction_key, 'outcome', d.outcome, 'policy_version', d.policy_version,
    'reasons', jsonb_path_query_array(d.reasons, '$[*].code'))
    || CASE WHEN b.request_control_key IS NULL THEN '{}' ELSE jsonb_build_object(
      'request_control_key', b.request_control_key, 'monthly_interest_rate', b.monthly_interest_rate,
      'number_of_installments', b.number_of_installments, 'disbursed_issue_amount', b.disbursed_issue_amount,
      'installment_face_value', b.installment_face_value) END
  FROM json_to_recordset($2::json) AS d (auction_key text, outcome text, policy_version text, reasons jsonb)
  LEFT JOIN json_to_recordset($3::json) AS b (auction_key text, request_control_key uuid, monthly_interest_rate text,
    number_of_installments integer, disbursed_issue_amount text, installment_face_value text) USING (auction_key)
  WHERE EXISTS (${LISTENERS})
  RETURNING id`;

const COMMIT_DECISIONS = `
  WITH opened AS (${OPEN_AUCTIONS}),
  decided AS (${insertDecisions('$2')}),
  bids AS (${insertBids('$3')}),
  reserved AS (${RESERVE}),
  facets AS (${FACETS}),
  told AS (${TELL}),
  addressed AS (
    INSERT INTO notification_delivery (event_id, endpoint_id)
    SELECT told.id, listener.id FROM told CROSS JOIN (${LISTENERS}) AS listener),
  applied AS (
    UPDATE webhook_event SET status = 'done', lease_owner = NULL, attempts = attempts + 1,
      handled_at = clock_timestamp()
    WHERE id = ANY ($6::bigint[]) AND status = 'new' AND lease_owner = $7::uuid
    RETURNING 1),
  counted AS (${COUNT})
  SELECT CASE
    WHEN NOT is_known_history($8, $9) THEN refuse('other_history')
    WHEN (SELECT count(*) FROM opened) < json_array_length($1::json) THEN refuse('auction_exists')
    WHEN (SELECT count(*) FROM applied) < cardinality($6::bigint[]) THEN refuse('event_lost')
    WHEN (SELECT count(*) FROM counted) < json_array_length($5::json) THEN refuse('standing_changed')
    WHEN json_array_length($4::json) > 0 AND EXISTS (SELECT FROM kill_switch WHERE engaged)
      THEN refuse('kill_switch')
    WHEN json_array_length($2::json) > 0
      AND NOT EXISTS (SELECT FROM policy_version WHERE state = 'active' AND hash = ANY ($10::text[]))
      THEN refuse('policy_changed')
    WHEN $11::text IS NOT NULL AND NOT EXISTS (SELECT FROM rate_model_version, rate_model_line
      WHERE state = 'in_force' AND hash = $11 AND returned_at IS NULL)
      THEN refuse('rates_changed')
  END`;

const EXISTING = `SELECT issuer_proposal_request_key AS key, webhook_event_id::text AS event_id
  FROM auction WHERE issuer_proposal_request_key = ANY ($1::text[])`;

const STILL_OURS = `SELECT id::text FROM webhook_event
  WHERE id = ANY ($1::bigint[]) AND status = 'new' AND lease_owner = $2::uuid`;

const ATTEMPTS = `
  INSERT INTO bid_attempt (request_control_key, ordinal, sent_at, answered_at, outcome, http_status, detail, answer)
  SELECT request_control_key, ordinal, sent_at, answered_at, outcome, http_status, detail, answer
  FROM json_to_recordset($2::json) AS made (request_control_key uuid, ordinal integer, sent_at timestamptz,
    answered_at timestamptz, outcome text, http_status integer, detail text, answer text)
  ON CONFLICT DO NOTHING`;

/**
 * Auctions are locked: whoever is just taking one over is waited for, or passes it over. Each is found by its key alone, by
 * whatever plan, and looked at when it is locked. So is the clock: whoever marks it anew after us waits for our commit.
 */
const MARK = `
  WITH wanted AS (
    SELECT * FROM json_to_recordset($1::json) AS w (auction_key text, request_control_key uuid, number integer,
      "to" text)),
  attempts AS (${ATTEMPTS}),
  switch AS (
    SELECT EXISTS (SELECT FROM kill_switch WHERE engaged) AS engaged, is_known_history($4, $5) AS is_known),
  locked AS (
    SELECT auction_key, status, lease_owner FROM wanted CROSS JOIN LATERAL (
      SELECT status, lease_owner FROM auction WHERE issuer_proposal_request_key = wanted.auction_key
      FOR NO KEY UPDATE) AS auction),
  marked AS (
    UPDATE bid SET status = wanted."to", marks = wanted.number, submitted_at = CASE wanted."to" WHEN 'sending'
      THEN coalesce(submitted_at, clock_timestamp()) ELSE submitted_at END
    FROM wanted, locked, switch
    WHERE bid.request_control_key = wanted.request_control_key AND bid.status IN ('intended', 'sending')
      AND bid.marks < wanted.number
      AND locked.auction_key = wanted.auction_key AND locked.status = 'bidding' AND lease_owner = $3::uuid
      AND (wanted."to" = 'intended' OR NOT engaged AND is_known) AND clock_timestamp() < $6::timestamptz
    RETURNING bid.request_control_key)
  SELECT wanted.request_control_key AS control_key, marked.request_control_key IS NOT NULL AS marked,
    engaged AND is_known AND auction.status = 'bidding' AND lease_owner = $3::uuid AS engaged,
    clock_timestamp() >= $6::timestamptz AS late
  FROM wanted CROSS JOIN switch
  LEFT JOIN marked ON marked.request_control_key = wanted.request_control_key
  LEFT JOIN auction ON issuer_proposal_request_key = wanted.auction_key`;

/**
 * Details of an answer that an outcome has overtaken are added to what the outcome said. What nobody reads PostgreSQL runs
 * in an order of its own: so the bids wait for all auctions that were moved, and the counters for all that was freed.
 */
export const SETTLE = `
  WITH settled AS (
    SELECT * FROM json_to_recordset($1::json) AS s (auction_key text, request_control_key uuid, auction_status text,
      auction_from text[], bid_status text, bid_from text[], reason text, answered_at timestamptz,
      auction_proposal_key text, rank_position integer, simulation jsonb, drift jsonb, frees_exposure boolean,
      held_by uuid)),
  attempts AS (${ATTEMPTS}),
  auctions AS (
    UPDATE auction SET status = auction_status, status_reason = reason, lease_owner = NULL,
      auction_proposal_key = coalesce(settled.auction_proposal_key, auction.auction_proposal_key),
      rank_position = coalesce(settled.rank_position, auction.rank_position)
    FROM settled
    WHERE issuer_proposal_request_key = settled.auction_key AND status = ANY (auction_from)
      AND (held_by IS NULL OR lease_owner = held_by)
    RETURNING issuer_proposal_request_key),
  bids AS (
    UPDATE bid SET status = bid_status, status_reason = reason, answered_at = settled.answered_at,
      auction_proposal_key = coalesce(settled.auction_proposal_key, bid.auction_proposal_key),
      rank_position = coalesce(settled.rank_position, bid.rank_position),
      simulation = coalesce(settled.simulation, bid.simulation), drift = coalesce(settled.drift, bid.drift)
    FROM settled, (SELECT coalesce(array_agg(issuer_proposal_request_key), '{}') AS keys FROM auctions) AS moved
    WHERE bid.request_control_key = settled.request_control_key AND bid.status = ANY (bid_from)
      AND (held_by IS NULL OR settled.auction_key = ANY (moved.keys))
    RETURNING bid.request_control_key, frees_exposure, bid_status),
  freed AS (
    UPDATE exposure SET status = 'released', status_reason = bid_status, changed_at = clock_timestamp()
    FROM bids
    WHERE exposure.request_control_key = bids.request_control_key AND frees_exposure AND status <> 'released'
    RETURNING borrower_index, employer_index, counted_on, amount),
  counted AS (
    INSERT INTO limit_use AS present (name, key, used, revision)
    SELECT name, key, -sum(amount), 1 FROM freed CROSS JOIN LATERAL ${COUNTED_IN}
    WHERE key IS NOT NULL GROUP BY place, name, key ORDER BY place, key
    ON CONFLICT (name, key) DO UPDATE
    SET used = present.used + EXCLUDED.used, revision = present.revision + 1)
  SELECT 1`;

const CLAIM = `
  UPDATE auction SET lease_owner = $1
  WHERE issuer_proposal_request_key IN (${freeRows({
    table: 'auction',
    key: 'issuer_proposal_request_key',
    where: `status IN ('open', 'bidding')`,
    orderBy: 'inclusion_limit_at',
    limit: '$3',
    me: '$1::uuid',
    inHands: '$2::text[]',
  })}) AND clock_timestamp() < $4::timestamptz
  RETURNING issuer_proposal_request_key AS key, status, inclusion_limit_at AS limit_at, expiration_at, received_at`;

const GIVE_BACK = `UPDATE auction SET lease_owner = NULL
  WHERE status IN ('open', 'bidding') AND lease_owner = $1 AND issuer_proposal_request_key <> ALL ($2::text[])`;

const LOST = `SELECT issuer_proposal_request_key AS key FROM auction
  WHERE issuer_proposal_request_key = ANY ($1::text[]) AND lease_owner IS DISTINCT FROM $2::uuid`;

const NO_TEXT = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g;

/** Rows as one parameter. A NUL or half a character is no text for PostgreSQL: the encrypted original keeps it. */
export function recordset(rows: readonly object[]): string {
  const json = JSON.stringify(rows);
  return /\\u(?:0000|d)/.test(json) ? json.replace(NO_TEXT, '$1\\ufffd') : json;
}

/** Auctions, and bids by their auctions, one after the other as every batch has them. */
function inOrderOfLocks<Row>(rows: readonly Row[], auctionKey: (row: Row) => string): readonly Row[] {
  return rows.toSorted((a, b) => (auctionKey(a) < auctionKey(b) ? -1 : 1));
}

function distinct(indexes: readonly (Buffer | undefined)[]): readonly Buffer[] {
  const known = indexes.filter((index) => index !== undefined);
  return [...new Map(known.map((index) => [index.toString('hex'), index])).values()];
}

/** SQLSTATE of the function `refuse` (migration of the ledger). */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && hasCode(error, 'AR001');
}
