import { Body, Controller, Get, HttpCode, Inject, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, May, Needs, ProblemException, SETTINGS, type Actor, type Settings } from '../platform';
import { BacktestCoverages, NumberParam, PeopleOnLists, PoliciesReader, valueOf } from '../policy';
import { BacktestReports } from './backtest-reports.service';
import { BacktestBody, BacktestList, BacktestView, viewBacktest } from './backtests.dto';

@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class BacktestsController {
  constructor(
    private readonly reports: BacktestReports,
    private readonly coverages: BacktestCoverages,
    private readonly reader: PoliciesReader,
    private readonly people: PeopleOnLists,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Post(':number/backtests')
  @Needs('policies.test')
  @HttpCode(202)
  @ApiOperation({ summary: 'Run a version over the stored requests of a period, beside another' })
  @ApiForbiddenResponse({
    description: "A list of people is new in one of them, and you may not see a borrower's data",
  })
  @ZodResponse({ status: 202, type: BacktestView })
  async order(
    @Param() { number }: NumberParam,
    @Body() { received_from: from, received_before: before, against }: BacktestBody,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
  ) {
    const candidate = valueOf(await this.reader.find(number));
    const baseline =
      against === undefined ? await this.reader.active() : valueOf(await this.reader.find(against));
    if (!mayReveal) valueOf(await this.people.tryOnRequests([candidate, baseline]));
    const order = { candidateHash: candidate.hash, baselineHash: baseline.hash };
    const period = { from: new Date(from), before: new Date(before) };
    return viewBacktest(await this.reports.order({ ...order, ...period }, actor));
  }

  @Get(':number/backtests')
  @Needs('policies.read')
  @ApiOperation({ summary: 'The backtests of exactly this content, newest first' })
  @ZodResponse({ status: 200, type: BacktestList })
  async list(@Param() { number }: NumberParam) {
    const { hash } = valueOf(await this.reader.find(number));
    // One after the other: whoever sees that the last one is done asks no more, so the count must know of it.
    const reports = await this.reports.of(hash);
    const coverage = await this.coverages.of(hash);
    const days = this.settings.engine.policy.backtest_days;
    return {
      items: reports.map(viewBacktest),
      activation: coverage === undefined ? null : { ...coverage, days },
    };
  }

  @Get('backtests/:id')
  @Needs('policies.read')
  @ZodResponse({ status: 200, type: BacktestView })
  async one(@Param('id', ParseUUIDPipe) id: string) {
    return viewBacktest(await this.#found(id));
  }

  @Post('backtests/:id/cancel')
  @Needs('policies.test')
  @HttpCode(200)
  @ApiConflictResponse({ description: 'It has ended' })
  @ZodResponse({ status: 200, type: BacktestView })
  async cancel(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    await this.#found(id);
    if (!(await this.reports.cancel(id, actor)))
      throw new ProblemException(409, { type: 'ended', title: 'O backtest já terminou' });
    return viewBacktest(await this.#found(id));
  }

  async #found(id: string) {
    const report = await this.reports.find(id);
    if (report === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'Não encontrado: backtest' });
    return report;
  }
}
