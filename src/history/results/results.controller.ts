import { Controller, Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { Needs, ProblemException } from '../../platform';
import { DataAge } from '../data-age.interceptor';
import { AuctionMargins, auctionMarginView } from './auction-margin.service';
import { FundingLeft, fundingView } from './funding-left.service';
import { RateShifts } from './rate-shifts.service';
import { rateShiftQuery, rateShiftView, resultsQuery, resultsView } from './results.dto';
import { Results } from './results.service';

class ResultsQuery extends createZodDto(resultsQuery) {}
class ResultsDto extends createZodDto(resultsView) {}
class RateShiftQuery extends createZodDto(rateShiftQuery) {}
class RateShiftDto extends createZodDto(rateShiftView) {}
class AuctionMarginDto extends createZodDto(auctionMarginView) {}
class FundingDto extends createZodDto(fundingView) {}

@ApiTags('history')
@Needs('auctions.read')
@Controller('history')
@UseInterceptors(DataAge)
export class ResultsController {
  constructor(
    private readonly results: Results,
    private readonly shifts: RateShifts,
    private readonly funding: FundingLeft,
    private readonly margins: AuctionMargins,
  ) {}

  @Get('results')
  @ApiOperation({
    summary: 'What was earned, expected and realised, part by part',
    description: 'A bid without inputs in its policy has no margin; how many those are is said.',
  })
  @ZodResponse({ status: 200, type: ResultsDto })
  earned(@Query() query: ResultsQuery) {
    return this.results.of(query);
  }

  @Get('auctions/:issuer_proposal_request_key/margin')
  @ApiOperation({ summary: 'What the latest bid of an auction is worth, or why nothing can be said of it' })
  @ApiNotFoundResponse({ description: 'There is no such auction, or no bid was made' })
  @ZodResponse({ status: 200, type: AuctionMarginDto })
  async worth(@Param('issuer_proposal_request_key') key: string) {
    const found = await this.margins.of(key);
    if (found === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'Não há lance neste leilão' });
    return found;
  }

  @Get('rate-shift')
  @ApiOperation({
    summary: 'What would have come of the same bids, each some basis points cheaper or dearer',
    description: 'Refused, with the reason, where too few auctions have ended to tell.',
  })
  @ZodResponse({ status: 200, type: RateShiftDto })
  shifted(@Query() query: RateShiftQuery) {
    return this.shifts.of(query);
  }

  @Get('funding-left')
  @ApiOperation({ summary: 'How much of the limits in reais is left, of the day and by employer' })
  @ZodResponse({ status: 200, type: FundingDto })
  left() {
    return this.funding.now();
  }
}
