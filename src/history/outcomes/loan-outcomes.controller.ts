import { Body, Controller, Headers, HttpCode, Post, Query } from '@nestjs/common';
import {
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, inTurns, Needs, SHEETS, wholeNumber, type Actor } from '../../platform';
import {
  A_SHEET_BODY,
  answeredSheet,
  BUSY,
  hiddenCells,
  SheetThreads,
  uploadOf,
  viewHidden,
} from '../../policy';
import { CONFIRM_REPLACEMENT, LoanOutcomes } from './loan-outcomes.service';
import { OUTCOME_STATUSES, readOutcomeList, readOutcomeSheet } from './outcome';

const text = z.string().max(100);
class OutcomesRequest extends createZodDto(
  z.object({
    outcomes: z
      .array(
        z.object({
          credit_operation_key: text,
          installment: wholeNumber(0, 999),
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
  z.object({
    id: z.uuid(),
    outcomes: z.int(),
    loans: z.int().describe('how many they are about'),
    added: z.int().describe('instalments of which nothing was stored'),
    changed: z.int().describe('those in whose place another figure came'),
    same: z.int().describe('those told again as they were'),
  }),
) {}
const tab = z.string().max(200).optional();
class SheetQuery extends createZodDto(z.object({ tab })) {}
class SheetTakenQuery extends createZodDto(
  z.object({
    tab,
    confirm_replacement: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true')
      .describe('that stored figures are to be replaced by others'),
    replaces: z
      .string()
      .max(64)
      .optional()
      .describe('as the preview answered it: 409 where others would be replaced by now'),
  }),
) {}
const cells = z.array(z.object({ path: z.string(), message: z.string().describe('in Portuguese') }));
class OutcomesPreviewDto extends createZodDto(
  z.object({
    rows: z.int().describe('lines with something in them, the heading left out'),
    hidden: hiddenCells,
    added: z.int(),
    changed: z.int(),
    same: z.int(),
    refused: z.int().describe('lines; with one of these nothing is taken'),
    paid_amount: z.string().describe('in reais, of all lines that can be read together'),
    loss_amount: z.string().describe('the same of what was written off'),
    replaced: cells.describe('stored figures that others replace, what they were and become; 200 at most'),
    problems: cells.describe('200 at most'),
    replaces: z
      .string()
      .nullable()
      .describe('says which figures would be replaced, and by what; sent with the file, no others are'),
    asks_for: z.enum([CONFIRM_REPLACEMENT]).nullable().describe('the parameter without which it is refused'),
  }),
) {}

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

  @Post('file/preview')
  @HttpCode(200)
  @ApiConsumes(...SHEETS)
  @ApiBody(A_SHEET_BODY)
  @ApiOperation({
    summary: 'What a file would add and which stored figures it would replace; nothing is stored',
  })
  @ApiServiceUnavailableResponse(BUSY)
  @ApiUnprocessableEntityResponse({ description: 'The file cannot be read exactly, or is empty or too long' })
  @ZodResponse({ status: 200, type: OutcomesPreviewDto })
  async preview(
    @Query() query: SheetQuery,
    @Headers() headers: { 'content-type'?: string },
    @Body() body: unknown,
  ) {
    const { sheet, source } = await answeredSheet(this.threads, uploadOf(body, headers, query));
    const read = await inTurns(readOutcomeSheet(sheet));
    const { replaced, problems, ...counts } = await this.outcomes.preview(read);
    return {
      ...counts,
      hidden: viewHidden(source),
      replaced: [...replaced],
      problems: [...problems],
    };
  }

  @Post('file')
  @HttpCode(200)
  @ApiConsumes(...SHEETS)
  @ApiBody(A_SHEET_BODY)
  @ApiOperation({ summary: 'The same from a file: all of it, or nothing' })
  @ApiServiceUnavailableResponse(BUSY)
  @ApiConflictResponse({
    description:
      'Stored figures would be replaced, and it was not said that they may, or others would be by now',
  })
  @ApiUnprocessableEntityResponse(WRONG)
  @ZodResponse({ status: 200, type: OutcomesDto })
  async upload(
    @Query() query: SheetTakenQuery,
    @Headers() headers: { 'content-type'?: string },
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
  ) {
    const { sheet } = await answeredSheet(this.threads, uploadOf(body, headers, query));
    const read = await inTurns(readOutcomeSheet(sheet));
    return this.outcomes.take(read, actor, query.confirm_replacement, query.replaces);
  }
}
