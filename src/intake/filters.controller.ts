import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, type Actor } from '../platform';
import { switchIn, type FilterChange } from './filter-change';
import { FilterChanges } from './filter-changes.service';
import {
  FilterChangeList,
  FilterChangeView,
  FilterRequest,
  FilterStateView,
  HistoryQuery,
  StopRequest,
} from './filters.dto';

@ApiTags('qi filters')
@ApiBearerAuth()
@Controller('qi-filters')
export class FiltersController {
  constructor(private readonly changes: FilterChanges) {}

  @Get()
  @Needs('qi_filters.read')
  @ApiOperation({ summary: "QI's filter as last sent, and what the active policy would make of it" })
  @ZodResponse({ status: 200, type: FilterStateView })
  async state() {
    const { inForce, isCertain, open, isUnderWay, refused, generated, differences } =
      await this.changes.state();
    return {
      in_force: inForce ? view(inForce) : null,
      is_certain: isCertain,
      open: open ? { ...(await this.#withDifferences(open)), is_under_way: isUnderWay } : null,
      refused: refused ? view(refused) : null,
      generated,
      differences: [...differences],
    };
  }

  @Get('changes')
  @Needs('qi_filters.read')
  @ApiOperation({ summary: 'Everything that was asked for, newest first' })
  @ZodResponse({ status: 200, type: FilterChangeList })
  async history(@Query() { limit }: HistoryQuery) {
    return { items: (await this.changes.history(limit)).map(view) };
  }

  @Post('changes')
  @Needs('qi_filters.propose')
  @ApiOperation({ summary: "Ask for the active policy's limits; another person sends them" })
  @ApiConflictResponse({ description: 'Another change is open' })
  @ZodResponse({ status: 201, type: FilterChangeView })
  async propose(@Body() { active, daily_cap, reason }: FilterRequest, @CurrentActor() actor: Actor) {
    return this.#withDifferences(
      await this.changes.propose({ active, dailyCap: daily_cap ?? undefined }, reason, actor),
    );
  }

  @Post('changes/:id/send')
  @Needs('qi_filters.send')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send it to QI, as the second person; again, if the answer was lost' })
  @ApiForbiddenResponse({ description: 'Whoever asked cannot send' })
  @ApiConflictResponse({ description: 'Settled already, or the policy has changed since' })
  @ZodResponse({ status: 200, type: FilterChangeView })
  async send(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return this.#withDifferences(await this.changes.send(id, actor));
  }

  @Post('changes/:id/withdraw')
  @Needs('qi_filters.propose')
  @HttpCode(200)
  @ApiOperation({ summary: 'Nobody shall send it' })
  @ZodResponse({ status: 200, type: FilterChangeView })
  async withdraw(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    return this.#withDifferences(await this.changes.withdraw(id, actor));
  }

  @Post('stop')
  @Needs('kill_switch.engage')
  @HttpCode(200)
  @ApiOperation({ summary: 'The far kill switch: QI shall send no request any more, at once' })
  @ApiConflictResponse({ description: 'A sending is under way: ask again in a few seconds' })
  @ZodResponse({ status: 200, type: FilterChangeView })
  async stop(@Body() { reason }: StopRequest, @CurrentActor() actor: Actor) {
    return this.#withDifferences(await this.changes.stop(reason, actor));
  }

  async #withDifferences(change: FilterChange) {
    return { ...view(change), differences: await this.changes.differencesOf(change) };
  }
}

function view(change: FilterChange) {
  const { active, dailyCap } = switchIn(change);
  return {
    id: change.id,
    kind: change.kind,
    status: change.status,
    document: change.body,
    active,
    daily_cap: dailyCap ?? null,
    reason: change.reason,
    policy_version: change.policy_version,
    policy_hash: change.policy_hash,
    proposed_by: change.proposed_by,
    proposed_at: change.proposed_at.toISOString(),
    sent_by: change.sent_by,
    sent_at: change.sent_at?.toISOString() ?? null,
    settled_at: change.settled_at?.toISOString() ?? null,
    http_status: change.http_status,
    answer: change.answer,
  };
}
