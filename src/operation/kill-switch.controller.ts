import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConflictResponse,
  ApiHeader,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, type Actor } from '../platform';
import { KillSwitch, type SwitchState } from './kill-switch.service';
import { viewApproval } from './operation-view';
import { ApprovalNeededDto, KillSwitchDto, ReleaseDto, SwitchReasonDto } from './operation.dto';
import { answerOf, Asks, IDEMPOTENCY_KEY, type PersonsRequest } from './persons-request';

@ApiTags('kill switch')
@Controller('kill-switch')
export class KillSwitchController {
  constructor(private readonly killSwitch: KillSwitch) {}

  @Get()
  @Needs('kill_switch.read')
  @ApiOperation({ summary: 'Whether bidding is stopped, by whom and why' })
  @ZodResponse({ status: 200, type: KillSwitchDto })
  async read() {
    return view(await this.killSwitch.state());
  }

  @Post('engage')
  @Needs('kill_switch.engage')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stop all bidding, from the next send on, in every process' })
  @ZodResponse({ status: 200, type: KillSwitchDto })
  async engage(@Body() { reason }: SwitchReasonDto, @CurrentActor() actor: Actor) {
    return view(await this.killSwitch.engage(reason, actor));
  }

  @Post('release')
  @Needs('kill_switch.release')
  @HttpCode(202)
  @ApiOperation({ summary: 'Ask to let bidding go on; another person decides' })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: ReleaseDto })
  @ApiAcceptedResponse({ type: ApprovalNeededDto })
  @ApiConflictResponse({
    description:
      'It is not engaged or was engaged anew, it has been asked for already, or a restore is not confirmed',
  })
  async release(
    @Body() { reason, stopped_at: shown }: ReleaseDto,
    @Asks() request: PersonsRequest,
  ): Promise<unknown> {
    return answerOf(await this.killSwitch.release(reason, request, shown));
  }
}

function view({ engaged, reason, actor, changedAt, pending, awaitsConfirmation }: SwitchState) {
  return {
    engaged,
    reason,
    actor,
    changed_at: changedAt.toISOString(),
    pending_approval: pending ? viewApproval(pending) : null,
    restore_unconfirmed: awaitsConfirmation,
  };
}
