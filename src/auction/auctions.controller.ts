import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, Needs, ProblemException, type Actor } from '../platform';
import { AuctionDetail, AuctionPage, AuctionQuery, RevealedData, RevealRequest } from './auction-views';
import { AuctionsReader } from './auctions-reader.service';
import { RevealPersonalData } from './reveal-personal-data.service';

@ApiTags('auctions')
@ApiBearerAuth()
@Needs('auctions.read')
@Controller('auctions')
export class AuctionsController {
  constructor(
    private readonly reader: AuctionsReader,
    private readonly personalData: RevealPersonalData,
  ) {}

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

  @Post(':issuer_proposal_request_key/reveal')
  @Needs('personal_data.reveal')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: "The borrower's data unmasked, for a reason; recorded in the audit trail" })
  @ApiOkResponse({ type: RevealedData })
  async reveal(
    @Param('issuer_proposal_request_key') key: string,
    @Body() body: RevealRequest,
    @CurrentActor() actor: Actor,
  ): Promise<RevealedData> {
    const values = await this.personalData.reveal(key, body, actor);
    if (values === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such auction' });
    return { values };
  }
}
