import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { JsonValue } from '../kernel';
import { Needs, ProblemException } from '../platform';
import { quoteToJson, type QuoteJson } from './domain';
import { price } from './price';
import { PricingDataService } from './pricing-data.service';

@ApiTags('quotes')
@Needs('quotes.create')
@Controller('quotes')
export class QuotesController {
  constructor(private readonly pricing: PricingDataService) {}

  /** Prices one case; the same body and answer as `npm run quote`. */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Price one case, without storing anything' })
  create(@Body() body: JsonValue | undefined): QuoteJson {
    const pricing = price(body ?? null, this.pricing.context);
    if (pricing.kind === 'quoted') return quoteToJson(pricing.quote);
    const errors = pricing.problems.map(({ path, message }) => ({ path, message }));
    throw new ProblemException(422, { type: 'invalid_quote', title: 'The case cannot be priced', errors });
  }
}
