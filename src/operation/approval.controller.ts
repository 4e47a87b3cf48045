import { Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { DataSource, In } from 'typeorm';
import { Needs, pageByInstant } from '../platform';
import { ApprovalActions } from './approval-actions.service';
import { ApprovalEntity } from './approval.entity';
import { KillSwitch } from './kill-switch.service';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import { viewApproval } from './operation-view';
import { ApprovalPageDto, ApprovalQuery, DecidedDto, DecisionDto } from './operation.dto';
import { OperationEntity } from './operation.entity';
import { answerOf, Asks, IDEMPOTENCY_KEY, type Ask, type PersonsRequest } from './persons-request';
import { Withdrawals } from './withdrawals.service';

@ApiTags('approvals')
@Controller('approvals')
export class ApprovalController {
  constructor(
    private readonly actions: ApprovalActions,
    private readonly killSwitch: KillSwitch,
    private readonly dataSource: DataSource,
    private readonly withdrawals: Withdrawals,
    @Inject(OPERATION_LIMITS) private readonly limits: OperationLimits,
  ) {}

  @Get()
  @Needs('operations.read')
  @ApiOperation({ summary: 'What one person asked for and another decides, newest first' })
  @ZodResponse({ status: 200, type: ApprovalPageDto })
  async list(@Query() query: ApprovalQuery) {
    const found = this.dataSource.createQueryBuilder(ApprovalEntity, 'approval');
    if (query.status) found.andWhere('approval.status = :status', { status: query.status });
    const page = await pageByInstant(
      found,
      { instant: 'approval.requestedAt', key: 'approval.id', direction: 'DESC' },
      query,
    );
    const loans = await this.#loansOf(page.items);
    const late = await this.#lateOf(page.items, loans);
    const view = (approval: ApprovalEntity) => {
      const key = approval.operationKey ?? '';
      return viewApproval(approval, loans.get(key), this.limits.undoWindowMs, late.has(key));
    };
    return { ...page, items: page.items.map(view) };
  }

  @Post(':id/approve')
  @Needs('approvals.decide')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Agree, as the second person. It is sent after the undo window; bidding goes on at once',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: DecisionDto, required: false })
  @ApiOkResponse({
    type: DecidedDto,
    description: 'Approved; says until when it can be undone, if it can: that bidding goes on cannot',
  })
  @ApiForbiddenResponse({ description: 'Whoever asked cannot decide' })
  @ApiConflictResponse({ description: 'Decided already, or the operation has moved on' })
  async approve(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(DecisionDto.schema) { wanted, ...request }: Ask<typeof DecisionDto.schema>,
  ): Promise<unknown> {
    return answerOf(await (await this.#deciderOf(id)).approve(id, wanted.note, request));
  }

  @Post(':id/reject')
  @Needs('approvals.decide')
  @HttpCode(200)
  @ApiOperation({ summary: 'Disagree, as the second person' })
  @ApiOkResponse({ type: DecidedDto })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: DecisionDto, required: false })
  @ApiForbiddenResponse({ description: 'Whoever asked cannot decide' })
  @ApiConflictResponse({ description: 'Decided already' })
  async reject(
    @Param('id', ParseUUIDPipe) id: string,
    @Asks(DecisionDto.schema) { wanted, ...request }: Ask<typeof DecisionDto.schema>,
  ): Promise<unknown> {
    return answerOf(await (await this.#deciderOf(id)).reject(id, wanted.note, request));
  }

  @Post(':id/undo')
  @Needs('approvals.undo')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take an approved action back before it is sent' })
  @ApiOkResponse({ type: DecidedDto })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiConflictResponse({ description: 'It has been sent, or let bidding go on, which took effect at once' })
  async undo(@Param('id', ParseUUIDPipe) id: string, @Asks() request: PersonsRequest): Promise<unknown> {
    return answerOf(await (await this.#deciderOf(id)).undo(id, request));
  }

  /** By its key: the loan that each of them is about. */
  async #loansOf(approvals: readonly ApprovalEntity[]): Promise<ReadonlyMap<string, OperationEntity>> {
    const keys = approvals.flatMap(({ operationKey }) => operationKey ?? []);
    const operations = await this.dataSource.manager.findBy(OperationEntity, { key: In(keys) });
    return new Map(operations.map((operation) => [operation.key, operation]));
  }

  /** Keys of those from which somebody wants to withdraw after both periods. */
  async #lateOf(
    approvals: readonly ApprovalEntity[],
    loans: ReadonlyMap<string, OperationEntity>,
  ): Promise<ReadonlySet<string>> {
    const late = new Set<string>();
    for (const { action, status, operationKey } of approvals) {
      const loan = loans.get(operationKey ?? '');
      if (loan === undefined || action !== 'request_reversal' || status !== 'pending') continue;
      if ((await this.withdrawals.of(this.dataSource.manager, loan)).isLate) late.add(loan.key);
    }
    return late;
  }

  /** Who carries it out. */
  async #deciderOf(id: string): Promise<ApprovalActions | KillSwitch> {
    const approval = await this.dataSource.manager.findOneBy(ApprovalEntity, { id });
    return approval?.action === 'release_kill_switch' ? this.killSwitch : this.actions;
  }
}
