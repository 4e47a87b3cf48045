import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, May, Needs, pageOfItems, pageQuery, ProblemException, type Actor } from '../platform';
import { DataAge } from './data-age.interceptor';
import { auctionCount, AuctionCounts } from './auction-counts.service';
import { auctionFilter, auctionFilterFields } from './auction-filter';
import { AUCTION_SORTS, DIRECTIONS } from './auction-order';
import { auctionRow } from './auction-row';
import { AuctionSearch } from './auction-search.service';
import { ChartsDto } from './charts/charts.dto';
import { Charts } from './charts/charts.service';
import { SHORTEST_PREFIX } from './domain';
import { LiveFeed } from './live-feed.service';
import { KEY_KINDS, Lookup } from './lookup.service';
import { LossDto, LostAuction } from './lost-auction.service';
import { Overview, OverviewDto } from './overview.service';
import { Timeline, TimelineDto } from './timeline.service';

class HistoryQuery extends createZodDto(
  z.object({
    ...auctionFilterFields,
    sort: z
      .enum(AUCTION_SORTS)
      .default('received_at')
      .describe('rows without such a value come last; margins follow what happens within half a minute'),
    direction: z.enum(DIRECTIONS).default('desc'),
    ...pageQuery,
  }),
) {}
class HistoryPage extends createZodDto(pageOfItems(auctionRow)) {}
class CountQuery extends createZodDto(auctionFilter) {}
class CountDto extends createZodDto(auctionCount) {}
class ChartsQuery extends createZodDto(auctionFilter) {}
class LookupRequest extends createZodDto(
  z.object({
    text: z
      .string()
      .max(200)
      .describe(
        `a key of QI or ours or its first ${String(SHORTEST_PREFIX)} characters or more, a CPF or a CNPJ`,
      ),
  }),
) {}
class LookupResult extends createZodDto(
  z.object({
    kind: z.enum([...KEY_KINDS, 'borrower', 'employer']),
    key: z.string().nullable().describe('of the auction, operation or proposal'),
    mark: z.string().nullable().describe('opaque: a value for the filters `borrower` and `employer`'),
    keys: z
      .array(z.object({ kind: z.enum(KEY_KINDS), key: z.string(), at: z.iso.datetime() }))
      .describe('all that have this key or begin so, newest first, eight at most; `key` is the first'),
  }),
) {}

@ApiTags('history')
@Needs('auctions.read')
@Controller()
@UseInterceptors(DataAge)
export class HistoryController {
  constructor(
    private readonly search: AuctionSearch,
    private readonly lookup: Lookup,
    private readonly counts: AuctionCounts,
    private readonly timeline: Timeline,
    private readonly overview: Overview,
    private readonly charts: Charts,
    private readonly feed: LiveFeed,
    private readonly lost: LostAuction,
  ) {}

  @Get('live')
  @Header('content-type', 'text/event-stream; charset=utf-8')
  @Header('cache-control', 'no-store')
  @Header('x-accel-buffering', 'no')
  @ApiOperation({
    summary: 'Auctions as they come, as server-sent events',
    description:
      'Event `auctions`: lines as of GET /history/auctions that are new or changed. Event `overview`: as of GET /history/overview. Ends after ten minutes: connect again.',
  })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async live(): Promise<StreamableFile> {
    return new StreamableFile(await this.feed.watch());
  }

  @Get('history/overview')
  @ApiOperation({ summary: 'The day so far, and the state of things' })
  @ZodResponse({ status: 200, type: OverviewDto })
  now() {
    return this.overview.current();
  }

  @Get('history/auctions')
  @ApiOperation({ summary: 'Search the auctions, newest first or as they are asked to be sorted' })
  @ZodResponse({ status: 200, type: HistoryPage })
  list(@Query() { limit, cursor, sort, direction, ...filter }: HistoryQuery) {
    return this.search.page(filter, { limit, cursor, order: { sort, direction } });
  }

  @Get('history/auctions/count')
  @ApiOperation({ summary: 'How many auctions a search finds: counted where that is cheap, else estimated' })
  @ZodResponse({ status: 200, type: CountDto })
  count(@Query() filter: CountQuery) {
    return this.counts.of(filter);
  }

  @Get('history/auctions/:issuer_proposal_request_key/timeline')
  @ApiOperation({ summary: 'Everything that happened around one auction, in order' })
  @ApiNotFoundResponse()
  @ZodResponse({ status: 200, type: TimelineDto })
  async story(@Param('issuer_proposal_request_key') key: string) {
    if ((await this.search.one(key)) === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such auction' });
    return this.timeline.of(key);
  }

  @Get('history/auctions/:issuer_proposal_request_key/loss')
  @ApiOperation({
    summary: 'Why an auction was lost: our rank, the likely distance to the winner, how bids like it fare',
  })
  @ApiNotFoundResponse({ description: 'No such auction, or one that was not lost with a bid of ours' })
  @ZodResponse({ status: 200, type: LossDto })
  async loss(@Param('issuer_proposal_request_key') key: string) {
    const loss = await this.lost.explain(key);
    if (loss === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'Nenhum leilão perdido tem essa chave' });
    return loss;
  }

  @Get('history/charts')
  @ApiOperation({
    summary: 'The same auctions counted: funnel, reasons, win rate by rate, by hour, term and time left',
  })
  @ZodResponse({ status: 200, type: ChartsDto })
  counted(@Query() filter: ChartsQuery) {
    return this.charts.of(filter);
  }

  @Post('history/lookup')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a key, a CPF or a CNPJ leads to',
    description:
      'A CPF travels in the body, never in an address; what comes back for it is an opaque mark. It is only for those who may see personal data, who are counted and recorded without the person.',
  })
  @ApiForbiddenResponse({ description: 'A CPF, from somebody who may not see personal data' })
  @ApiTooManyRequestsResponse({ description: 'Too many CPFs in an hour; Retry-After says when to go on' })
  @ApiNotFoundResponse({ description: 'No auction, operation or proposal has a key that is or begins so' })
  @ZodResponse({ status: 200, type: LookupResult })
  async lookUp(
    @Body() { text }: LookupRequest,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
  ) {
    const found = await this.lookup.find(text, { actor, mayReveal });
    if (found === undefined)
      throw new ProblemException(404, { type: 'not_found', title: 'Nada foi encontrado com essa chave' });
    if (found.kind !== 'keys') return { ...found, key: null, keys: [] };
    const [{ kind, key }] = found.keys;
    return { kind, key, mark: null, keys: found.keys.map((one) => ({ ...one, at: one.at.toISOString() })) };
  }
}
