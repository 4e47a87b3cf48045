import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { MINUTE_MS, growingWaitMs } from '../kernel';
import { SETTINGS, type Settings } from '../platform';

export const GAP_KINDS = [
  'auction_without_end',
  'auction_stuck',
  'operation_without_news',
  'webhook_undelivered',
] as const;
export type GapKind = (typeof GAP_KINDS)[number];

/** Something that should have been heard and was not; or, for a stuck auction, done by us: QI is not asked about it. */
export interface Gap {
  readonly id: string;
  readonly kind: GapKind;
  readonly key: string;
  /** Of the loan that nothing is heard of. */
  readonly product: string | null;
  readonly originKeys: readonly string[];
  readonly callbackKey: string | null;
  readonly since: Date;
  readonly asked: number;
  /** Keys of what QI has taken to send again: of a gap that is a webhook, its own as often as that was so. */
  readonly resent: readonly string[];
  /** Told in a time that a restore has lost: QI may call it delivered, whatever became of it here. */
  readonly inLostTime: boolean;
}

/** How many of each kind. */
export type GapCounts = Readonly<Partial<Record<GapKind, number>>>;

export interface UndeliveredWebhook {
  readonly eventKey: string;
  readonly callbackKey: string;
  readonly originKey: string | undefined;
  readonly since: Date;
}

/** A loan in one of these has its next step at QI, as far as anybody knows, or at the borrower. */
const AT_QI = ['signed', 'authorized', 'reservation_retrying', 'parked', 'reserved', 'canceling'];
const AT_THE_BORROWER = ['awaiting_signature', 'signature_failed'];

/** The contract has ended; one that is not closed waits for its margin. */
const MARGIN_IS_LEFT = ['disbursed', 'reservation_failed', 'canceled_permanently'];
/** A servant who has been asked has days to answer: nothing is missing before they are over. */
const IS_OURS_TO_ASK = `(margin_status IS NULL OR margin_status NOT LIKE 'pending_consent%' OR consent_until < now())`;

/** After the limit of an auction that still is at work: nothing that lives takes so long. */
const STUCK_AFTER_SECONDS = 60;

/** The gaps: found in our own books and in QI's, open until what was missing has come. */
@Injectable()
export class GapBook {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Auctions whose limit has passed, ended for QI or not for us, and loans in one status for long; not found before. */
  async findInOurBooks(): Promise<GapCounts> {
    const { auction_quiet_minutes, operation_quiet_minutes, signature_quiet_hours, give_up_days } =
      this.settings.engine.reconciliation;
    const rows = await this.dataSource.query<{ kind: GapKind }[]>(
      `INSERT INTO reconciliation_gap (kind, key, origin_keys, since)
       SELECT 'auction_without_end', issuer_proposal_request_key,
         array_remove(ARRAY[auction_proposal_key, issuer_proposal_request_key], NULL), received_at
       FROM auction
       WHERE status IN ('bid', 'unknown', 'expired')
         AND inclusion_limit_at < now() - $1 * interval '1 minute'
         AND inclusion_limit_at > now() - $2 * interval '1 day'
       UNION ALL
       SELECT 'auction_stuck', issuer_proposal_request_key, ARRAY[]::text[], received_at
       FROM auction
       WHERE status IN ('open', 'bidding') AND inclusion_limit_at < now() - $7 * interval '1 second'
       UNION ALL
       SELECT 'operation_without_news', credit_operation_key, ARRAY[credit_operation_key], status_since
       FROM operation
       WHERE ended_at IS NULL AND ${IS_OURS_TO_ASK}
         AND ((status = ANY ($3) OR margin_status IS NOT NULL AND status = ANY ($8))
             AND status_since < now() - $4 * interval '1 minute'
           OR status = ANY ($5) AND status_since < now() - $6 * interval '1 hour')
       ON CONFLICT DO NOTHING RETURNING kind`,
      [
        auction_quiet_minutes,
        give_up_days,
        AT_QI,
        operation_quiet_minutes,
        AT_THE_BORROWER,
        signature_quiet_hours,
        STUCK_AFTER_SECONDS,
        MARGIN_IS_LEFT,
      ],
    );
    return countByKind(rows);
  }

  /** Notifications that QI itself says it could not deliver, not found before. */
  async findUndelivered(webhooks: readonly UndeliveredWebhook[]): Promise<GapCounts> {
    const rows = await this.dataSource.query<{ kind: GapKind }[]>(
      `${FIND_UNDELIVERED} ON CONFLICT DO NOTHING RETURNING kind`,
      [...columnsOf(webhooks), false],
    );
    return countByKind(rows);
  }

  /**
   * Notifications that may have been delivered in a time of which nothing is on disk any more. What was asked for before
   * the restore was found is asked for anew: that it arrived, or that QI was asked, is not known any more.
   */
  async findLost(webhooks: readonly UndeliveredWebhook[], restoredAt: Date): Promise<GapCounts> {
    const rows = await this.dataSource.query<{ kind: GapKind }[]>(
      `WITH found AS (
         ${FIND_UNDELIVERED}
         ON CONFLICT (kind, key) WHERE kind IN ('auction_without_end', 'webhook_undelivered')
         DO UPDATE SET in_lost_time = true, asked = 0, resent = '{}', found_at = clock_timestamp(),
           next_ask_at = clock_timestamp(), closed_at = NULL, closed_as = NULL
         WHERE reconciliation_gap.found_at < $6
         RETURNING kind)
       SELECT kind FROM found`,
      [...columnsOf(webhooks), true, restoredAt],
    );
    return countByKind(rows);
  }

  /** Closes the gaps of auctions and loans that have gone on. */
  async closeArrived(): Promise<GapCounts> {
    const [rows] = await this.dataSource.query<[{ kind: GapKind }[], number]>(
      `UPDATE reconciliation_gap AS gap SET closed_at = clock_timestamp(), closed_as = 'arrived'
       WHERE closed_at IS NULL AND (
         kind = 'auction_without_end' AND NOT EXISTS (
           SELECT FROM auction WHERE issuer_proposal_request_key = gap.key AND status IN ('bid', 'unknown', 'expired'))
         OR kind = 'auction_stuck' AND NOT EXISTS (
           SELECT FROM auction WHERE issuer_proposal_request_key = gap.key AND status IN ('open', 'bidding'))
         OR kind = 'operation_without_news' AND NOT EXISTS (
           SELECT FROM operation WHERE credit_operation_key = gap.key AND status_since = gap.since
             AND ended_at IS NULL))
       RETURNING kind`,
    );
    return countByKind(rows);
  }

  /** Those that QI is to be asked about now, longest due first; what is asked for only to be sure, last. */
  async due(limit: number): Promise<readonly Gap[]> {
    return this.dataSource.query<Gap[]>(
      `SELECT id, kind, key, (SELECT product FROM operation WHERE kind = 'operation_without_news'
           AND credit_operation_key = key) AS product, origin_keys AS "originKeys", callback_key AS "callbackKey", since,
         asked, resent, in_lost_time AS "inLostTime"
       FROM reconciliation_gap WHERE closed_at IS NULL AND next_ask_at <= now() AND kind <> 'auction_stuck'
       ORDER BY in_lost_time AND asked > 0, next_ask_at, id LIMIT $1`,
      [limit],
    );
  }

  /** What was missing has come. */
  async close(gap: Gap): Promise<void> {
    await this.dataSource.query(
      `UPDATE reconciliation_gap SET closed_at = clock_timestamp(), closed_as = 'arrived' WHERE id = $1 AND closed_at IS NULL`,
      [gap.id],
    );
  }

  /**
   * QI has been asked, and is asked again after a while that doubles. When is reckoned by the database: whoever runs next goes
   * by it. Where QI could not hear it is again its turn soon.
   *
   * @param resent what is added to the gap's
   * @returns false when it will not be asked again: the gap is left to people
   */
  async postpone(gap: Gap, resent: readonly string[], wasHeard = true): Promise<boolean> {
    const { ask_again_seconds, ask_again_max_minutes, give_up_days } = this.settings.engine.reconciliation;
    const waitMs = growingWaitMs(wasHeard ? gap.asked + 1 : 1, {
      baseMs: ask_again_seconds * 1_000,
      maxMs: ask_again_max_minutes * MINUTE_MS,
    });
    const isLate = `next > found_at + $4 * interval '1 day'`;
    const [[postponed]] = await this.dataSource.query<[{ is_open: boolean }[], number]>(
      `UPDATE reconciliation_gap
       SET asked = asked + $5::int, next_ask_at = next, resent = resent || $2::text[],
         closed_at = coalesce(closed_at, CASE WHEN ${isLate} THEN clock_timestamp() END),
         closed_as = coalesce(closed_as, CASE WHEN ${isLate} THEN 'given_up' END)
       FROM (SELECT clock_timestamp() + $3 * interval '1 millisecond' AS next) AS due
       WHERE id = $1 RETURNING NOT (${isLate}) AS is_open`,
      [gap.id, resent, waitMs, give_up_days, wasHeard ? 1 : 0],
    );
    return postponed?.is_open === true;
  }

  async countOpen(): Promise<GapCounts> {
    const rows = await this.dataSource.query<{ kind: GapKind; count: number }[]>(
      `SELECT kind, count(*)::int AS count FROM reconciliation_gap WHERE closed_at IS NULL GROUP BY kind`,
    );
    return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
  }
}

/** At the edge of two windows QI lists one in both. */
const FIND_UNDELIVERED = `INSERT INTO reconciliation_gap (kind, key, origin_keys, callback_key, since, in_lost_time)
  SELECT DISTINCT ON (key) 'webhook_undelivered', key, array_remove(ARRAY[origin_key], NULL), callback_key, since,
    $5::boolean
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS undelivered (key, callback_key, origin_key, since)`;

function columnsOf(webhooks: readonly UndeliveredWebhook[]): readonly unknown[] {
  return [
    webhooks.map(({ eventKey }) => eventKey),
    webhooks.map(({ callbackKey }) => callbackKey),
    webhooks.map(({ originKey }) => originKey ?? null),
    webhooks.map(({ since }) => since),
  ];
}

function countByKind(rows: readonly { readonly kind: GapKind }[]): GapCounts {
  const counts: Partial<Record<GapKind, number>> = {};
  for (const { kind } of rows) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
