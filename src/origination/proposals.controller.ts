import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConflictResponse,
  ApiHeader,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { Cpf, type JsonValue } from '../kernel';
import {
  checkedKey,
  IDEMPOTENCY_KEY,
  positionOf,
  readBody,
  readCursor,
  type Accepted,
  type PersonsRequest,
} from '../operation';
import { BlindIndex, CurrentActor, FieldCipher, Needs, pageOf, type Actor } from '../platform';
import { openBorrower } from './borrower-file';
import { acceptanceSchema, borrowerDataSchema } from './domain';
import { FgtsTermsSource } from './fgts-terms.service';
import { ProposalCommandEntity } from './proposal-command.entity';
import { ProposalEventEntity } from './proposal-event.entity';
import { proposalProblem, type ProposalRefusal } from './proposal-refusal';
import { viewProposal, viewProposalDetail } from './proposal-view';
import {
  OfferAcceptanceDto,
  BorrowerDto,
  NewProposalDto,
  newProposalSchema,
  ProposalDetailDto,
  ProposalMovedDto,
  ProposalPageDto,
  ProposalQuery,
  ReasonDto,
  reasonSchema,
  SimulateDto,
  simulateSchema,
} from './proposals.dto';
import { ProposalEntity } from './proposal.entity';
import { Proposals } from './proposals.service';

@ApiTags('proposals')
@ApiHeader(IDEMPOTENCY_KEY)
@ApiConflictResponse({ description: 'The state does not allow it, or something is under way at QI' })
@ApiUnprocessableEntityResponse({ description: 'Fields to mend, each named' })
@Controller('proposals')
export class ProposalsController {
  constructor(
    private readonly proposals: Proposals,
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly blindIndex: BlindIndex,
    private readonly terms: FgtsTermsSource,
  ) {}

  @Get()
  @Needs('proposals.read')
  @ApiOperation({ summary: 'Loans without an auction on their way to the debt, newest first' })
  @ZodResponse({ status: 200, type: ProposalPageDto })
  async list(@Query() query: ProposalQuery) {
    const after = readCursor(query.cursor);
    const found = this.dataSource
      .createQueryBuilder(ProposalEntity, 'proposal')
      .orderBy('proposal.createdAt', 'DESC')
      .addOrderBy('proposal.id', 'DESC')
      .limit(query.limit + 1);
    if (query.status) found.andWhere('proposal.status = :status', { status: query.status });
    if (query.product) found.andWhere('proposal.product = :product', { product: query.product });
    if (query.credit_operation_key)
      found.andWhere('proposal.creditOperationKey = :key', { key: query.credit_operation_key });
    if (query.document_number)
      found.andWhere('proposal.borrowerIndex = :index', {
        index: this.blindIndex.of('cpf', query.document_number),
      });
    if (after) found.andWhere('(proposal.createdAt, proposal.id) < (:at, CAST(:id AS uuid))', after);
    const view = (proposal: ProposalEntity) => viewProposal(proposal, openBorrower(proposal, this.cipher));
    return pageOf(await found.getMany(), query.limit, view, ({ createdAt, id }) => positionOf(createdAt, id));
  }

  @Get(':id')
  @Needs('proposals.read')
  @ApiOperation({ summary: 'One proposal: its balance, figures, timeline, and what may be done next' })
  @ZodResponse({ status: 200, type: ProposalDetailDto })
  async read(@Param('id', ParseUUIDPipe) id: string) {
    const { manager } = this.dataSource;
    const proposal = await manager.findOneBy(ProposalEntity, { id });
    if (proposal === null) throw proposalProblem({ kind: 'not_found' });
    const [events, commands] = await Promise.all([
      manager.find(ProposalEventEntity, { where: { proposalId: id }, order: { id: 'ASC' } }),
      manager.find(ProposalCommandEntity, { where: { subject: id }, order: { createdAt: 'ASC' } }),
    ]);
    return viewProposalDetail(proposal, openBorrower(proposal, this.cipher), events, commands, this.terms);
  }

  @Post()
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Open a proposal; the balance is asked for at once' })
  @ApiBody({ type: NewProposalDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async open(
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const { document_number, ...wanted } = readBody(newProposalSchema, body);
    const cpf = Cpf.parse(document_number);
    if (cpf?.isValid !== true) {
      const message = 'o CPF não existe: os dígitos não conferem';
      throw proposalProblem({ kind: 'invalid', problems: [{ path: 'document_number', message }] });
    }
    return answerOf(await this.proposals.open({ ...wanted, cpf }, requestOf(actor, key, body)));
  }

  @Put(':id/borrower')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'What an issue needs of the borrower, whole or in parts' })
  @ApiBody({ type: BorrowerDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async describe(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const data = readBody(borrowerDataSchema, body);
    return answerOf(await this.proposals.describeBorrower(id, data, requestOf(actor, key, body)));
  }

  @Post(':id/query_balance')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for the balance again; what was offered on the old one is void' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async query(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<unknown> {
    return answerOf(await this.proposals.queryBalance(id, requestOf(actor, key)));
  }

  @Post(':id/cancel_query')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give up a balance query that QI has not answered' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async cancelQuery(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<unknown> {
    return answerOf(await this.proposals.cancelQuery(id, requestOf(actor, key)));
  }

  @Post(':id/simulate')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Other wishes on the same balance: the maximum, a target, or chosen withdrawals' })
  @ApiBody({ type: SimulateDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async simulate(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const { wishes } = readBody(simulateSchema, body);
    return answerOf(await this.proposals.simulate(id, wishes, requestOf(actor, key, body)));
  }

  @Post(':id/clear_review')
  @Needs('proposals.review')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let through what the policy has left to a person; never the one who opened it' })
  @ApiBody({ type: ReasonDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async clearReview(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const { reason } = readBody(reasonSchema, body);
    return answerOf(await this.proposals.clearReview(id, reason, requestOf(actor, key, body)));
  }

  @Post(':id/accept')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'The borrower has accepted one of the offers, as it was shown' })
  @ApiBody({ type: OfferAcceptanceDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async accept(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const acceptance = readBody(acceptanceSchema, body);
    return answerOf(await this.proposals.accept(id, acceptance, requestOf(actor, key, body)));
  }

  @Post(':id/issue')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask QI for the debt, once' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async issue(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<unknown> {
    return answerOf(await this.proposals.issue(id, requestOf(actor, key)));
  }

  @Post(':id/withdraw')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Nobody wants it any more' })
  @ApiBody({ type: ReasonDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: JsonValue,
  ): Promise<unknown> {
    const { reason } = readBody(reasonSchema, body);
    return answerOf(await this.proposals.withdraw(id, reason, requestOf(actor, key, body)));
  }
}

function requestOf(actor: Actor, key: string | undefined, body?: JsonValue): PersonsRequest {
  return { actor, idempotencyKey: checkedKey(key), body };
}

/** @throws ProblemException for a refusal */
function answerOf(outcome: Accepted | ProposalRefusal): Accepted['answer'] {
  if (outcome.kind !== 'done') throw proposalProblem(outcome);
  return outcome.answer;
}
