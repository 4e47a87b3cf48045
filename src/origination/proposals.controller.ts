import { Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Put, Query } from '@nestjs/common';
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
import { Cpf, type Clock } from '../kernel';
import { answerOr, Asks, IDEMPOTENCY_KEY, type Accepted, type Ask, type PersonsRequest } from '../operation';
import {
  CLOCK,
  CurrentActor,
  FieldCipher,
  isSamePerson,
  Needs,
  pageByInstant,
  type Actor,
} from '../platform';
import { shownBorrower } from './borrower-file';
import { acceptanceSchema, issueFindingSchema, whoseWord } from './domain';
import { ProposalCommandEntity } from './proposal-command.entity';
import { ProposalEventEntity } from './proposal-event.entity';
import { ProposalTasks } from './proposal-tasks';
import { proposalProblem, type ProposalRefusal } from './proposal-refusal';
import { viewProposal, viewProposalDetail } from './proposal-view';
import {
  OfferAcceptanceDto,
  BorrowerDto,
  borrowerSchema,
  ClearanceDto,
  clearanceSchema,
  IssueFindingDto,
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
import { ProposalProducts } from './products/proposal-products';
import { Proposals } from './proposals.service';

@ApiTags('proposals')
@ApiHeader(IDEMPOTENCY_KEY)
@ApiConflictResponse({ description: 'The state does not allow it, or something is under way at QI' })
@ApiUnprocessableEntityResponse({ description: 'Fields to mend, each named' })
@Controller('proposals')
export class ProposalsController {
  constructor(
    private readonly proposals: Proposals,
    private readonly tasks: ProposalTasks,
    private readonly dataSource: DataSource,
    private readonly cipher: FieldCipher,
    private readonly products: ProposalProducts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('proposals.read')
  @ApiOperation({ summary: 'Loans without an auction on their way to the debt, newest first' })
  @ZodResponse({ status: 200, type: ProposalPageDto })
  async list(@Query() query: ProposalQuery) {
    const found = this.dataSource.createQueryBuilder(ProposalEntity, 'proposal');
    if (query.status) found.andWhere('proposal.status = :status', { status: query.status });
    if (query.product) found.andWhere('proposal.product = :product', { product: query.product });
    if (query.credit_operation_key)
      found.andWhere('proposal.creditOperationKey = :key', { key: query.credit_operation_key });
    if (query.borrower)
      found.andWhere('proposal.borrowerIndex = :index', { index: Buffer.from(query.borrower, 'base64url') });
    const page = await pageByInstant(
      found,
      { instant: 'proposal.createdAt', key: 'proposal.id', direction: 'DESC' },
      query,
    );
    const view = (proposal: ProposalEntity) =>
      viewProposal(proposal, shownBorrower(proposal, this.cipher), this.products.of(proposal.product));
    return { ...page, items: page.items.map(view) };
  }

  @Get(':id')
  @Needs('proposals.read')
  @ApiOperation({ summary: 'One proposal: its balance, figures, timeline, and what may be done next' })
  @ZodResponse({ status: 200, type: ProposalDetailDto })
  async read(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    const { manager } = this.dataSource;
    const proposal = await manager.findOneBy(ProposalEntity, { id });
    if (proposal === null) throw proposalProblem({ kind: 'not_found' });
    const product = this.products.of(proposal.product);
    const [events, commands, isLeftToPeople, ownContracts] = await Promise.all([
      manager.find(ProposalEventEntity, { where: { proposalId: id }, order: { id: 'ASC' } }),
      manager.find(ProposalCommandEntity, { where: { subject: id }, order: { createdAt: 'ASC' } }),
      this.tasks.isLeftToPeople(manager, id),
      product.ownContracts(manager, proposal),
    ]);
    const borrower = shownBorrower(proposal, this.cipher);
    const now = this.clock.now();
    const isOwnWord = await isSamePerson(manager, actor.id, whoseWord(proposal.createdBy, events));
    const read = {
      proposal,
      borrower,
      events,
      commands,
      product,
      now,
      isLeftToPeople,
      ownContracts,
      isOwnWord,
    };
    return viewProposalDetail(read);
  }

  @Post()
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Open a proposal; the balance is asked for at once' })
  @ApiBody({ type: NewProposalDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async open(
    @Asks(newProposalSchema) { wanted, ...request }: Ask<typeof newProposalSchema>,
  ): Promise<unknown> {
    const { document_number, employment, ...proposal } = wanted;
    const cpf = Cpf.parse(document_number);
    if (cpf?.isValid !== true) {
      const message = 'o CPF não existe: os dígitos não conferem';
      throw proposalProblem({ kind: 'invalid', problems: [{ path: 'document_number', message }] });
    }
    if (employment !== undefined && proposal.product !== 'federal_payroll') {
      const message = 'só o SIAPE tem vínculos';
      throw proposalProblem({ kind: 'invalid', problems: [{ path: 'employment', message }] });
    }
    const named = employment && {
      authorityCode: employment.authority_code,
      registrationCode: employment.registration_code,
    };
    return answerOf(await this.proposals.open({ ...proposal, cpf, employment: named }, request));
  }

  @Put(':id/borrower')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'What an issue needs of the borrower, whole or in parts' })
  @ApiBody({ type: BorrowerDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async describe(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(borrowerSchema)
    { wanted: { borrower_revision: revision, ...data }, ...request }: Ask<typeof borrowerSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.describeBorrower(id, data, request, revision));
  }

  @Post(':id/query_balance')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for the balance again; what was offered on the old one is void' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async query(@Param('id', ParseUUIDPipe) id: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await this.proposals.queryBalance(id, request));
  }

  @Post(':id/cancel_query')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give up a balance query that QI has not answered' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async cancelQuery(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks() request: PersonsRequest,
  ): Promise<unknown> {
    return answerOf(await this.proposals.cancelQuery(id, request));
  }

  @Post(':id/simulate')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Other wishes on the same balance: the maximum, a target, or chosen withdrawals' })
  @ApiBody({ type: SimulateDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async simulate(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(simulateSchema) { wanted, ...request }: Ask<typeof simulateSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.simulate(id, wanted.wishes, request));
  }

  @Post(':id/clear_review')
  @Needs('proposals.review')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let through what the policy has left to a person; never the one who opened it' })
  @ApiBody({ type: ClearanceDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async clearReview(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(clearanceSchema) { wanted, ...request }: Ask<typeof clearanceSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.clearReview(id, wanted, request));
  }

  @Post(':id/accept')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'The borrower has accepted one of the offers, as it was shown' })
  @ApiBody({ type: OfferAcceptanceDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async accept(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(acceptanceSchema) { wanted, ...request }: Ask<typeof acceptanceSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.accept(id, wanted, request));
  }

  @Post(':id/issue')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask QI for the debt, once' })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async issue(@Param('id', ParseUUIDPipe) id: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await this.proposals.issue(id, request));
  }

  @Post(':id/settle_issue')
  @Needs('proposals.review')
  @HttpCode(202)
  @ApiOperation({
    summary: 'What was found out about an order for the debt whose answer was lost',
    description:
      'With the key of the operation the debt is taken as made. That QI has none two people must say: then it may be issued again, under the same key of ours.',
  })
  @ApiBody({ type: IssueFindingDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async settleIssue(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(issueFindingSchema) { wanted, ...request }: Ask<typeof issueFindingSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.settleIssue(id, wanted, request));
  }

  @Post(':id/withdraw')
  @Needs('proposals.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Nobody wants it any more' })
  @ApiBody({ type: ReasonDto })
  @ApiAcceptedResponse({ type: ProposalMovedDto })
  async withdraw(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(reasonSchema) { wanted, ...request }: Ask<typeof reasonSchema>,
  ): Promise<unknown> {
    return answerOf(await this.proposals.withdraw(id, wanted.reason, request));
  }
}

/** @throws ProblemException for a refusal */
function answerOf(outcome: Accepted | ProposalRefusal): Accepted['answer'] {
  return answerOr(proposalProblem, outcome);
}
