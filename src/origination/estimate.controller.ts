import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { calendarDateAt, type JsonValue } from '../kernel';
import { readBody } from '../operation';
import { Needs } from '../platform';
import { estimateFgts } from './domain/products/fgts';
import { EstimateDto, EstimatedDto, estimateSchema } from './estimate.dto';
import { viewEstimate } from './estimate-view';
import { FgtsTermsSource } from './products/fgts/fgts-terms.service';
import { proposalProblem } from './proposal-refusal';

/** What might be offered to somebody, before anything is known for sure. Nothing is stored and nobody is asked. */
@ApiTags('proposals')
@Controller('proposals')
export class EstimateController {
  constructor(private readonly terms: FgtsTermsSource) {}

  @Post('estimate')
  @Needs('proposals.act')
  @HttpCode(200)
  @ApiOperation({
    summary: 'An estimate from a balance and a birthday, without Caixa: never an offer, and nothing is kept',
  })
  @ApiBody({ type: EstimateDto })
  @ApiUnprocessableEntityResponse({ description: 'Fields to mend, each named' })
  @ZodResponse({ status: 200, type: EstimatedDto })
  estimate(@Body() body: JsonValue) {
    const { balance, birth_date: birthDate } = readBody(estimateSchema, body);
    const terms = this.terms.current();
    const today = calendarDateAt(terms.now);
    if (birthDate > today) throw invalid('birth_date', 'a data de nascimento está no futuro');
    return viewEstimate(
      this.terms.lockedWindow(birthDate),
      today,
      balance && estimateFgts(balance, birthDate, terms),
    );
  }
}

function invalid(path: string, message: string) {
  return proposalProblem({ kind: 'invalid', problems: [{ path, message }] });
}
