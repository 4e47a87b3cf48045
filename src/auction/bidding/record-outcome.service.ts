import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { ExposureBook } from '../../exposure';
import type { Handling, ParkReason } from '../../inbox';
import { closedCounter, FieldCipher, LOGGER, METRICS, type Logger } from '../../platform';
import { TerminalLines } from './terminal-lines.service';
import { loadAcceptedBid } from './bid-rows';
import { auctionCorrelation } from './correlation';
import type { AuctionEnd } from '../domain/auction-end';
import { awaitsOutcome, type AuctionStatus } from '../domain/auction-status';
import { knownPersonalData } from '../personal-data';
import { OPERATION_OPENER, type OperationOpener } from '../ports';

interface AuctionRow {
  readonly issuer_proposal_request_key: string;
  readonly status: AuctionStatus;
  /** Of one that has ended: the proposal of ours that its end was told of, if it named one. */
  readonly auction_proposal_key: string | null;
  /** The loan of one that is won. */
  readonly credit_operation_key: string | null;
  readonly personal_key_id: string;
  readonly personal_ciphertext: Buffer;
}

/** The last step: QI says who won. It also settles what became of a bid whose answer was lost. */
@Injectable()
export class RecordOutcomeService {
  readonly #outcomes: Counter<'outcome'>;

  constructor(
    @Inject(OPERATION_OPENER) private readonly operations: OperationOpener,
    private readonly exposure: ExposureBook,
    private readonly cipher: FieldCipher,
    private readonly lines: TerminalLines,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#outcomes = closedCounter(metrics, {
      name: 'arremate_auction_outcomes_total',
      help: 'Ends of auctions as QI announced them',
      labels: { outcome: ['won', 'lost'] },
    });
  }

  /**
   * Idempotent. The end of an auction that has not arrived yet waits for it.
   * @throws UnknownKeyError when it is won and its borrower's key may still come
   */
  async record(end: AuctionEnd, tx: EntityManager): Promise<Handling> {
    const { outcome } = end;
    if (outcome === 'unclear') return { kind: 'parked', reason: 'outcome_unclear' };
    const auction = await this.#lockAuction(end, tx);
    if (auction === undefined) return this.#awaitAuction(end);
    if (auction.status === outcome && !isOfAnotherLoan(auction, end)) return { kind: 'done' };
    if (!awaitsOutcome(auction.status) && !(await this.#isWonByAnother(auction, end, tx)))
      return this.#unexpected(auction, end);
    await this.#close(auction, end, tx);
    if (end.creditOperationKey !== undefined)
      await this.#openOperation(auction, end.creditOperationKey, end, tx);
    return {
      kind: 'done',
      afterCommit: () => {
        this.#outcomes.inc({ outcome });
        this.lines.outcome(auction.issuer_proposal_request_key, outcome, end.rankPosition);
        this.operations.announce();
      },
    };
  }

  async #openOperation(
    auction: AuctionRow,
    creditOperationKey: string,
    end: AuctionEnd,
    tx: EntityManager,
  ): Promise<void> {
    const sealed = { keyId: auction.personal_key_id, ciphertext: auction.personal_ciphertext };
    this.cipher.awaitKey(sealed);
    // A win is one whoever it is: whose it is, is asked before money moves.
    const personal = knownPersonalData(auction.issuer_proposal_request_key, sealed, this.cipher);
    await this.operations.recordWon(tx, {
      creditOperationKey,
      auctionKey: auction.issuer_proposal_request_key,
      auctionProposalKey: end.auctionProposalKey,
      borrowerCpf: personal.cpf,
      bid: await loadAcceptedBid(tx, auction.issuer_proposal_request_key),
    });
  }

  async #lockAuction(end: AuctionEnd, tx: EntityManager): Promise<AuctionRow | undefined> {
    const [row] = await tx.query<AuctionRow[]>(
      `SELECT issuer_proposal_request_key, status, auction_proposal_key, credit_operation_key, personal_key_id,
         personal_ciphertext FROM auction
       WHERE issuer_proposal_request_key = coalesce($1,
         (SELECT issuer_proposal_request_key FROM auction WHERE auction_proposal_key = $2 LIMIT 1))
       FOR UPDATE`,
      [end.issuerProposalRequestKey ?? null, end.auctionProposalKey ?? null],
    );
    return row;
  }

  #awaitAuction(end: AuctionEnd): Handling {
    return end.issuerProposalRequestKey === undefined
      ? { kind: 'parked', reason: 'auction_unknown' }
      : { kind: 'waiting', correlationKey: auctionCorrelation(end.issuerProposalRequestKey) };
  }

  /** One proposal of ours has lost, and now another of the same bid has won, of which no end was told. */
  async #isWonByAnother(auction: AuctionRow, end: AuctionEnd, tx: EntityManager): Promise<boolean> {
    if (auction.status !== 'lost' || !isOfAnother(auction, end)) return false;
    const bids = await tx.query<unknown[]>(
      `SELECT FROM bid WHERE auction_key = $1 AND status IN ('accepted', 'unproven')
         AND NOT EXISTS (SELECT FROM webhook_event WHERE event_key = $2 AND status = 'done')`,
      [auction.issuer_proposal_request_key, end.auctionProposalKey],
    );
    return bids.length > 0;
  }

  /** QI may tell every partner of an end; only a win we never bid for, or a changed verdict, needs a person. */
  #unexpected(auction: AuctionRow, end: AuctionEnd): Handling {
    this.logger.warn(
      { auction: auction.issuer_proposal_request_key, status: auction.status, outcome: end.outcome },
      'outcome for an auction that expected none',
    );
    const reason = end.outcome === 'won' ? UNEXPECTED_WIN[auction.status] : unexpectedLoss(auction, end);
    return reason === undefined ? { kind: 'done' } : { kind: 'parked', reason };
  }

  async #close(auction: AuctionRow, end: AuctionEnd, tx: EntityManager): Promise<void> {
    await tx.query(
      `UPDATE auction
       SET status = $2, status_reason = NULL, auction_proposal_key = coalesce($3, auction_proposal_key), rank_position = $4, credit_operation_key = $5,
           lease_owner = NULL, ended_at = clock_timestamp()
       WHERE issuer_proposal_request_key = $1`,
      [
        auction.issuer_proposal_request_key,
        end.outcome,
        end.auctionProposalKey ?? null,
        end.rankPosition ?? null,
        end.creditOperationKey ?? null,
      ],
    );
    // A win proves that QI took the bid, whatever became of its answer; a loss, which every partner may be told, does not.
    const [status, reason] =
      end.outcome === 'won' ? ['accepted', 'known_by_outcome'] : ['unproven', 'lost_without_answer'];
    await tx.query(
      `UPDATE bid SET status = $2, status_reason = $3, auction_proposal_key = coalesce($4, auction_proposal_key)
       WHERE auction_key = $1 AND status = ANY ($5)`,
      [
        auction.issuer_proposal_request_key,
        status,
        reason,
        end.outcome === 'won' ? (end.auctionProposalKey ?? null) : null,
        end.outcome === 'won' ? ['sending', 'unknown', 'unproven'] : ['sending', 'unknown'],
      ],
    );
    const [, withdrawn] = await tx.query<[unknown, number]>(
      `UPDATE bid SET status = 'withdrawn', status_reason = 'auction_ended' WHERE auction_key = $1 AND status = 'intended'`,
      [auction.issuer_proposal_request_key],
    );
    // A bid that was never sent has not won, whatever has.
    if (end.outcome === 'won' && withdrawn === 0)
      await this.exposure.commit(tx, auction.issuer_proposal_request_key);
    else await this.exposure.release(tx, [auction.issuer_proposal_request_key], end.outcome);
  }
}

/** Why a win that nobody expected needs a person; of an auction that awaits its outcome it is no surprise. */
const UNEXPECTED_WIN: Readonly<Record<AuctionStatus, ParkReason | undefined>> = {
  open: undefined,
  bidding: undefined,
  bid: undefined,
  unknown: undefined,
  expired: undefined,
  won: 'won_while_won',
  declined: 'won_while_declined',
  rejected: 'won_while_rejected',
  missed: 'won_while_missed',
  lost: 'won_while_lost',
  parked: 'won_while_parked',
};

function unexpectedLoss(auction: AuctionRow, end: AuctionEnd): ParkReason | undefined {
  return auction.status === 'won' && !isOfAnother(auction, end) ? 'lost_while_won' : undefined;
}

/** Two wins of one auction: one of the two loans is too many. */
function isOfAnotherLoan(
  { credit_operation_key: known }: AuctionRow,
  { creditOperationKey }: AuctionEnd,
): boolean {
  return known !== null && creditOperationKey !== undefined && known !== creditOperationKey;
}

/** A POST that is repeated after a 5xx may have made two proposals, of which each has an end (docs/adr/repeating-a-bid.md). */
function isOfAnother(auction: AuctionRow, { auctionProposalKey }: AuctionEnd): boolean {
  const known = auction.auction_proposal_key;
  return known !== null && auctionProposalKey !== undefined && known !== auctionProposalKey;
}
