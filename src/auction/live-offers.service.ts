import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Decimal } from '../kernel';
import { BlindIndex } from '../platform';
import type { FactsContext } from './domain/derive-facts';
import type { ProposalRequest } from './domain/proposal-request';

type Standing = Pick<FactsContext, 'liveOffers' | 'exposure'>;

interface StandingRow {
  readonly borrower_offers: number;
  readonly borrower_amount: string;
  readonly employer_offers: number;
  readonly employer_amount: string;
}

/** Our own offers that are still alive: those QI has, may have, or is about to get, until they expire. */
@Injectable()
export class LiveOffers {
  constructor(
    private readonly dataSource: DataSource,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** What we already offer to this borrower and at this employer; unknown where the document is. */
  async standingOf(request: ProposalRequest, auctionKey: string): Promise<Standing> {
    const { cpf } = request.borrower;
    const { documentNumber } = request.employer;
    const [row] = await this.dataSource.query<StandingRow[]>(
      `SELECT count(*) FILTER (WHERE borrower_index = $1)::int AS borrower_offers,
         coalesce(sum(disbursed_issue_amount) FILTER (WHERE borrower_index = $1), 0) AS borrower_amount,
         count(*) FILTER (WHERE employer_index = $2)::int AS employer_offers,
         coalesce(sum(disbursed_issue_amount) FILTER (WHERE employer_index = $2), 0) AS employer_amount
       FROM auction JOIN bid ON auction_key = issuer_proposal_request_key
       WHERE (borrower_index = $1 OR employer_index = $2) AND issuer_proposal_request_key <> $3
         AND bid.status IN ('intended', 'sending', 'accepted', 'unknown')
         AND auction.status IN ('bidding', 'bid', 'unknown', 'won')
         AND bid.created_at > clock_timestamp() - days_to_expiration * interval '1 day'`,
      [
        cpf === undefined ? null : this.blindIndex.of('cpf', cpf.reveal()),
        documentNumber === undefined ? null : this.blindIndex.of('employer', documentNumber),
        auctionKey,
      ],
    );
    const known = <T>(document: unknown, value: T | undefined): T | undefined =>
      document === undefined ? undefined : value;
    return {
      liveOffers: {
        borrower: known(cpf, row?.borrower_offers),
        employer: known(documentNumber, row?.employer_offers),
      },
      exposure: {
        borrower: known(cpf, row && new Decimal(row.borrower_amount)),
        employer: known(documentNumber, row && new Decimal(row.employer_amount)),
      },
    };
  }
}
