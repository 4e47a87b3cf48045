import { Inject, Injectable } from '@nestjs/common';
import type { Proposal, ProposalSimulation, SubmissionAnswer } from '../auction';
import { withoutDocumentNumbers } from '../kernel';
import { LOGGER, type Logger, type SendingPermit } from '../platform';
import { rebatesBody } from './debt-wire';
import type { Fields } from './fields';
import { ProposalWire } from './proposal-wire';
import { errorOf, fieldsOf, isOfTheDoor, keptBody, verdictOf } from './qi-answer';
import type { QiExchange } from './qi-message';

/** QI manual 003, internal auction: the only error body printed. */
const MARGIN_CODE = 'QIT000001';
const MARGIN_DESCRIPTION = /installment\s+face\s+value\s+is\s+greater\s+than\s+consigned\s+credit\s+balance/i;

/** Hands in proposals: POST .../issuer_proposal_request/{key}/auction_proposal. */
@Injectable()
export class QiProposalDesk {
  constructor(
    private readonly wire: ProposalWire,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async submit(proposal: Proposal, permit: SendingPermit): Promise<SubmissionAnswer> {
    return this.read(await this.exchange(proposal, permit));
  }

  /** The exchange itself, before anybody asks what it means. */
  exchange(proposal: Proposal, permit: SendingPermit): Promise<QiExchange> {
    const { issuerProposalRequestKey: key } = proposal;
    const path = ['private_payroll_auction', 'issuer_proposal_request', key, 'auction_proposal'];
    return this.wire.post({ method: 'POST', path, body: writeProposal(proposal) }, permit);
  }

  /** What one exchange about a proposal means. */
  read(exchange: QiExchange): SubmissionAnswer {
    if (exchange.kind === 'no_answer') return exchange;
    if (exchange.kind === 'not_sent') {
      const { why } = exchange;
      return { kind: 'not_taken', why, httpStatus: undefined, retryAfterMs: undefined, body: '' };
    }

    const { httpStatus, retryAfterMs } = exchange;
    // It stands unencrypted beside the attempt, for analysts.
    const body = withoutDocumentNumbers(keptBody(exchange));
    switch (verdictOf(httpStatus)) {
      case 'accepted':
        return this.#accepted(httpStatus, fieldsOf(exchange), body);
      case 'not_taken':
        return { kind: 'not_taken', why: `HTTP ${httpStatus}`, httpStatus, retryAfterMs, body };
      case 'server_error':
        return { kind: 'server_error', httpStatus, body };
      case 'in_doubt':
        return { kind: 'no_answer', why: `HTTP ${httpStatus}` };
      case 'rejected': {
        const { code, description } = errorOf(exchange);
        if (isOfTheDoor(exchange, code)) {
          const words = [code, description].filter((part) => part !== undefined).join(': ');
          return { kind: 'not_taken', why: words || `HTTP ${httpStatus}`, httpStatus, retryAfterMs, body };
        }
        const why = isMarginRefusal(httpStatus, code, description) ? 'margin' : 'other';
        return { kind: 'rejected', why, httpStatus, code, description, body };
      }
    }
  }

  /** A yes stays a yes when its words cannot be read: the end of the auction names the request anyway. */
  #accepted(httpStatus: number, answer: Fields, body: string): SubmissionAnswer {
    const auctionProposalKey = answer.key('auction_proposal_key');
    if (auctionProposalKey === undefined) {
      this.logger.warn({ http_status: httpStatus }, 'a proposal was accepted in words that cannot be read');
    }
    const data = answer.child('proposal_data');
    return {
      kind: 'accepted',
      httpStatus,
      auctionProposalKey,
      rankPosition: answer.count('rank_position'),
      simulation: data.has('simulation') ? readSimulation(data.child('simulation')) : undefined,
      body,
    };
  }
}

/** The request body of manual 003: one amount, the rate as a fraction, rebates in percent points. */
function writeProposal(proposal: Proposal): object {
  return {
    request_control_key: proposal.requestControlKey,
    [proposal.amount.kind]: proposal.amount.value,
    monthly_interest_rate: proposal.monthlyInterestRate,
    number_of_installments: proposal.numberOfInstallments,
    purchaser_document_number: proposal.purchaserDocumentNumber,
    days_to_expiration: proposal.daysToExpiration,
    ...rebatesBody(proposal.rebates),
  };
}

function readSimulation(simulation: Fields): ProposalSimulation {
  return {
    issueAmount: simulation.decimal('issue_amount'),
    disbursedIssueAmount: simulation.decimal('disbursed_issue_amount'),
    installmentFaceValue: simulation.decimal('installment_face_value'),
    numberOfInstallments: simulation.count('number_of_installments'),
    totalIof: simulation.decimal('total_iof', 'iof_amount'),
    monthlyInterestRate: simulation.rate('monthly_interest_rate'),
    monthlyCet: simulation.rate('monthly_cet', 'cet'),
    annualCet: simulation.rate('annual_cet'),
  };
}

function isMarginRefusal(
  httpStatus: number,
  code: string | undefined,
  description: string | undefined,
): boolean {
  return (
    httpStatus === 400 && code?.toUpperCase() === MARGIN_CODE && MARGIN_DESCRIPTION.test(description ?? '')
  );
}
