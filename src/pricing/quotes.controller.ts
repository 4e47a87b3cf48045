import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import type { JsonValue } from '../kernel';
import { decimal, Needs, ProblemException } from '../platform';
import { quoteToJson, type QuoteJson } from './domain';
import { answerQuote } from './answer-quote';
import { PricingDataService } from './pricing-data.service';

const date = z.iso.date();
const fee = { fee_type: z.string(), amount_type: z.string(), amount: decimal, fee_amount: decimal };

class QuoteDto extends createZodDto(
  z.object({
    disbursement_date: date,
    first_due_date: date,
    number_of_installments: z.int(),
    installment_face_value: decimal.nullable(),
    issue_amount: decimal,
    disbursed_issue_amount: decimal,
    assignment_amount: decimal,
    contract_fee_amount: decimal,
    contract_fees: z.array(z.object(fee)),
    external_contract_fee_amount: decimal,
    net_external_contract_fee_amount: decimal,
    external_contract_fees: z.array(z.object({ ...fee, tax_amount: decimal, net_fee_amount: decimal })),
    iof_amount: decimal,
    base_iof: decimal,
    additional_iof: decimal,
    cet: decimal,
    annual_cet: decimal,
    annual_cet_exact: decimal,
    total_pre_fixed_amount: decimal,
    prefixed_interest_rate: z.object({
      annual_rate: decimal,
      daily_rate: decimal,
      monthly_rate: decimal,
      interest_base: z.string(),
    }),
    installments: z.array(
      z.object({
        installment_number: z.int(),
        due_date: date,
        business_due_date: date,
        calendar_days: z.int(),
        workdays: z.int(),
        due_principal: decimal,
        pre_fixed_amount: decimal,
        principal_amortization_amount: decimal,
        tax_amount: decimal,
        total_amount: decimal,
      }),
    ),
  }),
) {}

@ApiTags('quotes')
@Needs('quotes.create')
@Controller('quotes')
export class QuotesController {
  constructor(private readonly pricing: PricingDataService) {}

  /** Prices one case; the same body and answer as `npm run quote`. */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Price one case, without storing anything' })
  @ApiBody({ schema: { type: 'object' }, description: 'A case, as docs/pricing.md describes it' })
  @ApiOkResponse({ type: QuoteDto })
  create(@Body() body: JsonValue | undefined): QuoteJson {
    const pricing = answerQuote(body ?? null, this.pricing.context);
    if (pricing.kind === 'quoted') return quoteToJson(pricing.quote);
    const errors = pricing.problems.map(({ path, message }) => ({ path, message }));
    throw new ProblemException(422, { type: 'invalid_quote', title: 'The case cannot be priced', errors });
  }
}
