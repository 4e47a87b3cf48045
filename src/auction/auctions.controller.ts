import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Needs, ProblemException } from '../platform';
import { AuctionDetail, AuctionPage, AuctionQuery } from './auction-views';
import { AuctionsReader } from './auctions-reader.service';

@ApiTags('auctions')
@ApiBearerAuth()
@Needs('auctions.read')
@Controller('auctions')
export class AuctionsController {
  constructor(private readonly reader: AuctionsReader) {}

  @Get()
  @ApiOperation({ summary: 'Auctions, newest first' })
  @ApiOkResponse({ type: AuctionPage })
  list(@Query() query: AuctionQuery): Promise<AuctionPage> {
    return this.reader.list(query);
  }

  @Get(':issuer_proposal_request_key')
  @ApiOperation({ summary: 'One auction: what was asked, why we answered as we did, and what came of it' })
  @ApiOkResponse({ type: AuctionDetail })
  async one(@Param('issuer_proposal_request_key') key: string): Promise<AuctionDetail> {
    const auction = await this.reader.find(key);
    if (auction === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such auction' });
    return auction;
  }
}
