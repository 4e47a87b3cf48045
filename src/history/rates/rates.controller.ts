import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { Needs } from '../../platform';
import { DataAge } from '../data-age.interceptor';
import { A_SHEET, download } from '../../policy';
import { repaymentQuery, repaymentView } from './employer-repayment.dto';
import { EmployerRepayment } from './employer-repayment.service';
import { fairnessQuery, fairnessView } from './fairness.dto';
import { FairnessReport } from './fairness-report.service';
import { bytesOf, fairnessSheet, repaymentSheet } from './rate-sheets';
import { winCurveQuery, winCurveView } from './win-curve.dto';
import { WinCurves } from './win-curves.service';

const file = { format: z.enum(['csv', 'xlsx']).default('csv') };
class WinCurveQuery extends createZodDto(winCurveQuery) {}
class WinCurveDto extends createZodDto(winCurveView) {}
class FairnessQuery extends createZodDto(fairnessQuery) {}
class FairnessFileQuery extends createZodDto(fairnessQuery.extend(file)) {}
class FairnessDto extends createZodDto(fairnessView) {}
class RepaymentQuery extends createZodDto(repaymentQuery) {}
class RepaymentFileQuery extends createZodDto(repaymentQuery.extend(file)) {}
class RepaymentDto extends createZodDto(repaymentView) {}

/** What our rates win, whom they fall on, and how it is paid back. */
@ApiTags('history')
@Needs('auctions.read')
@Controller('history')
@UseInterceptors(DataAge)
export class RatesController {
  constructor(
    private readonly curves: WinCurves,
    private readonly fairness: FairnessReport,
    private readonly repayment: EmployerRepayment,
  ) {}

  @Get('win-curve')
  @ApiOperation({
    summary: 'How often each rate wins, by segment, where we stand, and what came of what was won',
    description: 'The request does not tell the size of an employer: there is no segment of it.',
  })
  @ZodResponse({ status: 200, type: WinCurveDto })
  curve(@Query() query: WinCurveQuery) {
    return this.curves.of(query);
  }

  @Get('fairness')
  @ApiOperation({
    summary: 'Rates bid and requests declined, by bands of age or by region',
    description:
      'Measured, never used. Groups of fewer than 20 decisions are left out, and nothing is told of a person.',
  })
  @ZodResponse({ status: 200, type: FairnessDto })
  fair(@Query() query: FairnessQuery) {
    return this.fairness.of(query);
  }

  @Get('fairness/file')
  @Needs('exports.create')
  @ApiOperation({ summary: 'The same as a sheet' })
  @ApiOkResponse(A_SHEET)
  async fairFile(@Query() { format, ...query }: FairnessFileQuery) {
    return download(
      `equidade-${query.by}`,
      bytesOf(fairnessSheet(await this.fairness.of(query)), format),
      format,
    );
  }

  @Get('employer-repayment')
  @ApiOperation({ summary: 'How loans of each employer are paid back, by what was told of our own' })
  @ZodResponse({ status: 200, type: RepaymentDto })
  repaid(@Query() query: RepaymentQuery) {
    return this.repayment.of(query);
  }

  @Get('employer-repayment/file')
  @Needs('exports.create')
  @ApiOperation({ summary: 'The same as a sheet' })
  @ApiOkResponse(A_SHEET)
  async repaidFile(@Query() { format, ...query }: RepaymentFileQuery) {
    return download('empregadores', bytesOf(repaymentSheet(await this.repayment.of(query)), format), format);
  }
}
