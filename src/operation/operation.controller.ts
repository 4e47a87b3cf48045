import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConflictResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import { CLOCK, CurrentActor, Needs, pageByInstant, type Actor } from '../platform';
import { ApprovalEntity } from './approval.entity';
import { AuthorizationReview } from './authorization-review.service';
import { ConsentWatch } from './consent-watch.service';
import { ACTION_RULES, type PayrollCalendar } from './domain';
import { EvidenceDto, EvidenceRequest } from './evidence.dto';
import { EvidenceExport } from './evidence-export.service';
import { OperationAsks } from './operation-asks.service';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommandEntity } from './operation-command.entity';
import { OperationEventEntity } from './operation-event.entity';
import {
  contractNumberOf,
  nextActions,
  paidAmountOf,
  viewApproval,
  viewCommand,
  viewEvent,
  viewGuarantee,
  viewMargin,
  viewOperation,
  viewRefusedPayment,
  viewReversal,
  viewTask,
  viewWithdrawal,
} from './operation-view';
import {
  ApprovalNeededDto,
  CancelDto,
  CommandAcceptedDto,
  OperationDetailDto,
  OperationPageDto,
  OperationQuery,
  ResubmissionDto,
  SignatureSubmissionDto,
  TakenBackDto,
} from './operation.dto';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { OperationEntity } from './operation.entity';
import { OperatorActions } from './operator-actions.service';
import { PAYROLL_CALENDAR } from './payroll-calendar';
import { BUSINESS_CALENDAR_SOURCE, type BusinessCalendarSource } from './ports';
import { answerOf, Asks, IDEMPOTENCY_KEY, type Ask, type PersonsRequest } from './persons-request';
import { problemOf } from './refusal';
import { TakeBack } from './take-back.service';
import { TaskEntity } from './task.entity';
import { Withdrawals } from './withdrawals.service';

@ApiTags('operations')
@Controller('operations')
export class OperationController {
  constructor(
    private readonly actions: OperatorActions,
    private readonly takingBack: TakeBack,
    private readonly asks: OperationAsks,
    private readonly dataSource: DataSource,
    private readonly withdrawals: Withdrawals,
    private readonly consents: ConsentWatch,
    private readonly evidences: EvidenceExport,
    private readonly review: AuthorizationReview,
    private readonly commands: OperationCommandBook,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
    @Inject(PAYROLL_CALENDAR) private readonly calendar: PayrollCalendar,
    @Inject(BUSINESS_CALENDAR_SOURCE) private readonly calendars: BusinessCalendarSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Needs('operations.read')
  @ApiOperation({ summary: 'Loans after the win, newest first' })
  @ZodResponse({ status: 200, type: OperationPageDto })
  async list(@Query() query: OperationQuery) {
    const found = this.dataSource.createQueryBuilder(OperationEntity, 'operation');
    if (query.status) found.andWhere('operation.status = :status', { status: query.status });
    if (query.origin) found.andWhere('operation.origin = :origin', { origin: query.origin });
    if (query.product) found.andWhere('operation.product = :product', { product: query.product });
    if (query.margin_status)
      found.andWhere('operation.marginStatus = :margin', { margin: query.margin_status });
    if (query.issuer_proposal_request_key)
      found.andWhere('operation.auctionKey = :auction', { auction: query.issuer_proposal_request_key });
    const order = {
      instant: 'operation.openedAt',
      key: 'operation.key',
      direction: 'DESC',
      keySchema: z.string().max(500),
    } as const;
    const page = await pageByInstant(found, order, query);
    return { ...page, items: page.items.map(viewOperation) };
  }

  @Get(':key')
  @Needs('operations.read')
  @ApiOperation({ summary: 'One loan: its timeline, commands, tasks and what may be done next' })
  @ZodResponse({ status: 200, type: OperationDetailDto })
  async read(@Param('key') key: string) {
    const { manager } = this.dataSource;
    const operation = await manager.findOneBy(OperationEntity, { key });
    if (operation === null) throw problemOf({ kind: 'not_found', what: 'operation' });
    const [events, commands, tasks, pending, reminders] = await Promise.all([
      manager.find(OperationEventEntity, { where: { operationKey: key }, order: { id: 'ASC' } }),
      manager.find(OperationCommandEntity, { where: { subject: key }, order: { createdAt: 'ASC' } }),
      manager.find(TaskEntity, { where: { operationKey: key }, order: { openedAt: 'ASC' } }),
      manager.findOneBy(ApprovalEntity, { operationKey: key, status: 'pending' }),
      this.consents.remindersOf(operation),
    ]);
    const live = commands.find(({ settledAt }) => settledAt === null);
    const isUnsent =
      live !== undefined &&
      ACTION_RULES[live.action].needsTwoPeople &&
      (await this.commands.isUnsent(manager, live.id));
    const mayBeTakenBack = live !== undefined && (await this.commands.mayBeTakenBack(manager, live.id));
    const { undoWindowMs } = this.limits;
    const withdrawal = this.withdrawals.given(operation, events);
    const approved = isUnsent ? await manager.findOneBy(ApprovalEntity, { commandId: live.id }) : null;
    return {
      ...viewOperation(operation),
      events: events.map(viewEvent),
      commands: commands.map((command) => viewCommand(command, command === live && mayBeTakenBack)),
      tasks: tasks.map(viewTask),
      pending_approval: pending && viewApproval(pending, operation, undoWindowMs, withdrawal.isLate),
      undo:
        approved && live
          ? { approval_id: approved.id, action: live.action, until: live.notBefore.toISOString() }
          : null,
      guarantee: viewGuarantee(operation, events),
      margin: viewMargin(operation, reminders, this.#payroll(), this.clock.now()),
      withdrawal: viewWithdrawal(withdrawal.right),
      reversal: viewReversal(events),
      contract_number: contractNumberOf(events),
      paid_amount: paidAmountOf(events),
      authorization:
        operation.status === 'awaiting_authorization'
          ? [...(await this.review.checksOf(manager, operation))]
          : [],
      refused_payment: viewRefusedPayment(operation, events),
      next_actions: nextActions(
        operation,
        live !== undefined || pending !== null,
        { withdrawal, isEndOverdue: this.asks.isEndOverdue(operation) },
        undoWindowMs,
      ),
    };
  }

  @Post(':key/evidence')
  @Needs('personal_data.reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary:
      'Everything that proves this loan: acceptance, consent, signature; unmasked, for a reason that the audit trail keeps',
  })
  @ZodResponse({ status: 200, type: EvidenceDto })
  async evidence(
    @Param('key') key: string,
    @CurrentActor() actor: Actor,
    @Body() { reason }: EvidenceRequest,
  ) {
    const evidence = await this.evidences.of(key, reason, actor);
    if (evidence === undefined) throw problemOf({ kind: 'not_found', what: 'operation' });
    return evidence;
  }

  @Post(':key/authorize')
  @Needs('operations.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Let QI bind the payroll margin; disbursement follows by itself' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiAcceptedResponse({ type: CommandAcceptedDto })
  @ApiConflictResponse({ description: 'The state does not allow it, or somebody else was first' })
  async authorize(@Param('key') key: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await this.actions.authorize(key, request));
  }

  @Post(':key/signature')
  @Needs('operations.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Send the proof of a signature that was collected by us (FGTS, federal payroll)' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: SignatureSubmissionDto })
  @ApiAcceptedResponse({ type: CommandAcceptedDto })
  @ApiConflictResponse({
    description: 'The state or the product does not allow it, or somebody else was first',
  })
  @ApiUnprocessableEntityResponse({ description: 'The evidence is not complete, or of somebody else' })
  async submitSignature(@Param('key') key: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await this.actions.submitSignature(key, request));
  }

  @Post(':key/resubmit_disbursement')
  @Needs('operations.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Pay again after a refused payment, on another day or into another account' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: ResubmissionDto })
  @ApiAcceptedResponse({ type: CommandAcceptedDto })
  @ApiConflictResponse({ description: 'The state does not allow it, or somebody else was first' })
  @ApiUnprocessableEntityResponse({ description: 'Not a business day, or not an account of the borrower' })
  async resubmit(@Param('key') key: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await this.actions.resubmitDisbursement(key, request));
  }

  @Post(':key/cancel_permanently')
  @Needs('operations.act')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask for the final end of a loan; another person decides' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: CancelDto, required: false })
  @ApiAcceptedResponse({ type: ApprovalNeededDto })
  @ApiConflictResponse({ description: 'The state does not allow it, or it has been asked for already' })
  async cancel(
    @Param('key') key: string,
    @Asks(CancelDto.schema) { wanted, ...request }: Ask<typeof CancelDto.schema>,
  ): Promise<unknown> {
    return answerOf(await this.actions.cancelPermanently(key, wanted.reason ?? '', request));
  }

  @Post(':key/request_reversal')
  @Needs('operations.act')
  @HttpCode(202)
  @ApiOperation({
    summary:
      'Ask for the charge by which the borrower of a paid loan gives the money back; another person decides',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: CancelDto, required: false })
  @ApiAcceptedResponse({ type: ApprovalNeededDto })
  @ApiConflictResponse({ description: 'Not paid, not of this product, too late, or asked for already' })
  async reverse(
    @Param('key') key: string,
    @Asks(CancelDto.schema) { wanted, ...request }: Ask<typeof CancelDto.schema>,
  ): Promise<unknown> {
    return answerOf(await this.actions.requestReversal(key, wanted.reason ?? '', request));
  }

  @Post(':key/commands/:command_id/take_back')
  @Needs('operations.act')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take back what was asked of QI and has never left: while QI takes no calls' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiOkResponse({ type: TakenBackDto })
  @ApiConflictResponse({ description: 'QI may have it, or it is over' })
  async takeBack(
    @Param('key') key: string,
    @Param('command_id') commandId: string,
    @Asks() request: PersonsRequest,
  ): Promise<unknown> {
    return answerOf(await this.takingBack.takeBack(key, commandId, request));
  }

  #payroll() {
    const holidays = this.calendars.currentCalendar();
    return { calendar: this.calendar, hours: this.limits.payrollHours, holidays };
  }
}
