import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, Needs, ProblemException, type Actor } from '../../platform';
import { Decimal, parseDecimal } from '../../kernel';
import {
  AuctionDetail,
  AuctionPage,
  AuctionQuery,
  ExplanationView,
  RevealedData,
  RevealRequest,
  ReviewRequest,
} from './auction-views';
import {
  explanationFor,
  prevents,
  type DecisionTrace,
  type ExplainedDecision,
  type ExplainedRate,
} from '../../decision/domain';
import { AuctionsReader } from './auctions-reader.service';
import { RequestReview, type ReviewOutcome } from './request-review.service';
import { RevealPersonalData } from './reveal-personal-data.service';

@ApiTags('auctions')
@ApiBearerAuth()
@Needs('auctions.read')
@Controller('auctions')
export class AuctionsController {
  constructor(
    private readonly reader: AuctionsReader,
    private readonly personalData: RevealPersonalData,
    private readonly reviews: RequestReview,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Auctions, newest first' })
  @ApiOkResponse({ type: AuctionPage })
  list(@Query() query: AuctionQuery): Promise<AuctionPage> {
    return this.reader.list(query);
  }

  @Get(':issuer_proposal_request_key')
  @ApiOperation({ summary: 'One auction: what was asked, why we answered as we did, and what came of it' })
  @ApiOkResponse({ type: AuctionDetail })
  async one(@Param('issuer_proposal_request_key') key: string): Promise<AuctionDetail> {
    const auction = await this.reader.find(key);
    if (auction === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such auction' });
    return auction;
  }

  @Get(':issuer_proposal_request_key/explanation')
  @Needs('auctions.explain')
  @ApiOperation({ summary: 'The decision in plain words for the borrower (LGPD, art. 20)' })
  @ApiOkResponse({ type: ExplanationView })
  async explain(@Param('issuer_proposal_request_key') key: string): Promise<ExplanationView> {
    return { paragraphs: [...explanationFor(explainedOf(await this.one(key)))] };
  }

  @Post(':issuer_proposal_request_key/reveal')
  @Needs('personal_data.reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "The borrower's data unmasked, for a reason; recorded in the audit trail" })
  @ApiOkResponse({ type: RevealedData })
  async reveal(
    @Param('issuer_proposal_request_key') key: string,
    @Body() body: RevealRequest,
    @CurrentActor() actor: Actor,
  ): Promise<RevealedData> {
    const values = await this.personalData.reveal(key, body, actor);
    if (values === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such auction' });
    return { values };
  }

  @Post(':issuer_proposal_request_key/review-request')
  @Needs('reviews.request')
  @HttpCode(204)
  @ApiOperation({
    summary: 'The borrower wants a person to review the decision (LGPD, art. 20): opens a task',
  })
  @ApiNoContentResponse()
  async requestReview(
    @Param('issuer_proposal_request_key') key: string,
    @Body() { reason }: ReviewRequest,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    const outcome = await this.reviews.request(key, reason, actor);
    if (outcome !== 'requested') throw REVIEW_REFUSALS[outcome];
  }
}

const REVIEW_REFUSALS: Readonly<Record<Exclude<ReviewOutcome, 'requested'>, ProblemException>> = {
  not_found: new ProblemException(404, { type: 'not_found', title: 'There is no such auction' }),
  no_decision: new ProblemException(409, { type: 'no_decision', title: 'Nothing was decided' }),
  archived: new ProblemException(409, { type: 'archived', title: 'The decision is in the archive' }),
  open_already: new ProblemException(409, {
    type: 'review_open',
    title: 'A review was asked for and is not over',
  }),
};

function explainedOf(auction: AuctionDetail): ExplainedDecision {
  const { request, received_at, decision, bids, refits } = auction;
  const amount = (text: string | null) => (text === null ? undefined : parseDecimal(text));
  const offer = bids.findLast(({ status }) => status === 'accepted');
  return {
    borrower: { name: request.name ?? undefined, cpf: request.document_number ?? undefined },
    receivedAt: new Date(received_at),
    requestedAmount: amount(request.disbursed_issue_amount),
    requestedInstallments: request.number_of_installments ?? undefined,
    decision: decision
      ? {
          decidedAt: new Date(decision.decided_at),
          policyVersion: decision.policy_version,
          refusedFor:
            decision.outcome === 'bid' ? [] : decision.reasons.filter(prevents).map(({ message }) => message),
        }
      : (auction.no_decision ?? 'awaited'),
    isUnanswered: bids.some(({ status }) => status === 'unknown' || status === 'unproven'),
    offer: offer && {
      amount: new Decimal(offer.disbursed_issue_amount),
      installments: offer.number_of_installments,
      installmentAmount: new Decimal(offer.installment_face_value),
      monthlyRate: new Decimal(offer.monthly_interest_rate),
      monthlyCet: new Decimal(offer.monthly_cet),
      rate: rateOf(refits.find(({ bid }) => bid === bids.indexOf(offer) + 1)?.trace ?? decision?.trace),
    },
  };
}

function rateOf(trace: Readonly<Record<string, unknown>> | undefined): ExplainedRate {
  // What the decision kept, as it was stored.
  const { fit, rate_model: learnt } = (trace ?? {}) as Partial<Pick<DecisionTrace, 'fit' | 'rate_model'>>;
  return { row: fit?.row, learnt };
}
