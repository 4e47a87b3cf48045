import { Body, Controller, Headers, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, Needs, SHEETS, type Actor } from '../../platform';
import { A_SHEET_BODY, answeredSheet, BUSY, SheetThreads, uploadOf } from '../../policy';
import { LoanOutcomes } from './loan-outcomes.service';
import { OUTCOME_STATUSES, readOutcomeList, readOutcomeSheet } from './outcome';

const text = z.string().max(100);
class OutcomesRequest extends createZodDto(
  z.object({
    outcomes: z
      .array(
        z.object({
          credit_operation_key: text,
          installment: z.coerce.number().int(),
          due_on: text.describe('YYYY-MM-DD'),
          status: z.enum(OUTCOME_STATUSES),
          paid_on: text.nullish().describe('of what was paid: in time, late or ahead'),
          paid_amount: text.nullish().describe('exact decimal'),
          loss_amount: text.nullish().describe('exact decimal; of what was written off'),
        }),
      )
      .min(1)
      .max(1_000),
  }),
) {}
class OutcomesDto extends createZodDto(
  z.object({ id: z.uuid(), outcomes: z.int(), loans: z.int().describe('how many they are about') }),
) {}
class SheetQuery extends createZodDto(z.object({ tab: z.string().max(200).optional() })) {}

const WRONG = { description: 'Every wrong line and every unknown loan by its place; nothing was stored' };

@ApiTags('history')
@Needs('operations.act')
@Controller('loan-outcomes')
export class LoanOutcomesController {
  constructor(
    private readonly outcomes: LoanOutcomes,
    private readonly threads: SheetThreads,
  ) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Tell what became of instalments after disbursement; the latest word on one stands',
  })
  @ApiUnprocessableEntityResponse(WRONG)
  @ZodResponse({ status: 200, type: OutcomesDto })
  tell(@Body() { outcomes }: OutcomesRequest, @CurrentActor() actor: Actor) {
    return this.outcomes.take(readOutcomeList(outcomes), actor);
  }

  @Post('file')
  @HttpCode(200)
  @ApiConsumes(...SHEETS)
  @ApiBody(A_SHEET_BODY)
  @ApiOperation({ summary: 'The same from a file: all of it, or nothing' })
  @ApiServiceUnavailableResponse(BUSY)
  @ApiUnprocessableEntityResponse(WRONG)
  @ZodResponse({ status: 200, type: OutcomesDto })
  async upload(
    @Query() query: SheetQuery,
    @Headers() headers: { 'content-type'?: string },
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
  ) {
    const sheet = await answeredSheet(this.threads, uploadOf(body, headers, query));
    return this.outcomes.take(readOutcomeSheet(sheet), actor);
  }
}
