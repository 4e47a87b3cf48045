import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, type Actor } from '../platform';
import {
  ActivateBody,
  NumberParam,
  PolicySummary,
  ReasonBody,
  ScheduleBody,
  ShadowBody,
  ShadowComparisonView,
  UnscheduleBody,
} from './policies.dto';
import { hashIn, MAY_MATCH, seenHash } from './policies.controller';
import { PoliciesReader } from './policies-reader.service';
import { viewSummary } from './policies.views';
import { PolicyApproval } from './policy-approval.service';
import { valueOf } from './policy-refusal';
import { ShadowComparisons } from './shadow-comparison.service';

/** What approvers do. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies/:number')
export class PolicyApprovalController {
  constructor(
    private readonly approval: PolicyApproval,
    private readonly reader: PoliciesReader,
    private readonly comparisons: ShadowComparisons,
  ) {}

  @Post('approve')
  @Needs('policies.approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Agree with exactly the content that If-Match names' })
  @ApiHeader({ name: 'If-Match', required: true, description: 'the ETag of the version as you read it' })
  @ApiForbiddenResponse({ description: 'Whoever wrote a part of it cannot approve it' })
  @ApiPreconditionFailedResponse({ description: 'It is another than was read' })
  @ZodResponse({ status: 200, type: PolicySummary })
  async approve(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentActor() actor: Actor,
  ) {
    return viewSummary(valueOf(await this.approval.approve(number, hashIn(ifMatch), actor)));
  }

  @Post('send_back')
  @Needs('policies.approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand it back to its authors' })
  @ApiHeader(MAY_MATCH)
  @ApiPreconditionFailedResponse({ description: 'It is another than was read' })
  @ZodResponse({ status: 200, type: PolicySummary })
  async sendBack(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() { reason }: ReasonBody,
    @CurrentActor() actor: Actor,
  ) {
    return viewSummary(valueOf(await this.approval.sendBack(number, reason, actor, seenHash(ifMatch))));
  }

  @Post('schedule')
  @Needs('policies.activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have it activated at a moment to come; a moment gone by means at once' })
  @ApiConflictResponse({ description: 'Not ready, or `in_force` is in force no more' })
  @ZodResponse({ status: 200, type: PolicySummary })
  async schedule(
    @Param() { number }: NumberParam,
    @Body() { activate_at: at, in_force: shown }: ScheduleBody,
    @CurrentActor() actor: Actor,
  ) {
    return viewSummary(valueOf(await this.approval.schedule(number, new Date(at), actor, shown)));
  }

  @Post('unschedule')
  @Needs('policies.activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Take the date back' })
  @ApiPreconditionFailedResponse({ description: 'Another date was set since' })
  @ZodResponse({ status: 200, type: PolicySummary })
  async unschedule(
    @Param() { number }: NumberParam,
    @Body() { reason, activate_at: at }: UnscheduleBody,
    @CurrentActor() actor: Actor,
  ) {
    const shown = at === undefined ? undefined : new Date(at);
    return viewSummary(valueOf(await this.approval.unschedule(number, reason, actor, shown)));
  }

  @Post('activate')
  @Needs('policies.activate')
  @HttpCode(200)
  @ApiOperation({ summary: 'From now on this version decides. Of a retired one: the way back' })
  @ApiConflictResponse({
    description:
      'Not approved, its own test cases fail, no backtest of exactly this content holds enough of the requests of the last days, or `in_force` is in force no more',
  })
  @ZodResponse({ status: 200, type: PolicySummary })
  async activate(
    @Param() { number }: NumberParam,
    @Body() { reason, in_force: shown }: ActivateBody,
    @CurrentActor() actor: Actor,
  ) {
    return viewSummary(valueOf(await this.approval.activate(number, reason, actor, shown)));
  }

  @Put('shadow')
  @Needs('policies.activate')
  @ApiOperation({ summary: 'Have an approved version decide beside the active one; nothing of it is sent' })
  @ZodResponse({ status: 200, type: PolicySummary })
  async shadow(
    @Param() { number }: NumberParam,
    @Body() { shadow }: ShadowBody,
    @CurrentActor() actor: Actor,
  ) {
    return viewSummary(valueOf(await this.approval.setShadow(number, shadow, actor)));
  }

  @Get('shadow')
  @Needs('policies.read')
  @ApiOperation({ summary: 'What the shadow would have done beside what was done' })
  @ZodResponse({ status: 200, type: ShadowComparisonView })
  async compare(@Param() { number }: NumberParam) {
    const { hash } = valueOf(await this.reader.find(number));
    const { reasons, ...figures } = await this.comparisons.of(hash);
    return { ...figures, reasons: [...reasons] };
  }
}
