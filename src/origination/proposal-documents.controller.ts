import {
  Body,
  Controller,
  Headers,
  HttpCode,
  Param,
  ParseEnumPipe,
  ParseUUIDPipe,
  Put,
} from '@nestjs/common';
import {
  ApiBadGatewayResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { A_DOCUMENT, Documents, KeptDocumentDto, NOT_TAKEN, TOO_LONG, TOO_MANY } from '../documents';
import { checkedKey, IDEMPOTENCY_KEY } from '../operation';
import { CurrentActor, Needs, type Actor } from '../platform';
import { proposalProblem } from './proposal-refusal';
import { Proposals } from './proposals.service';

/** The sides of a borrower's identification, by the field of the person that holds its key. */
const SIDES = { front: 'document_identification', back: 'document_identification_back' } as const;
const SIDE_NAMES = { front: 'front', back: 'back' } as const;
const IMAGES = ['jpeg', 'png', 'pdf'] as const;

/** Images of a borrower's document: they go to QI, and their keys to the proposal. */
@ApiTags('proposals')
@Controller('proposals')
export class ProposalDocumentsController {
  constructor(
    private readonly documents: Documents,
    private readonly proposals: Proposals,
  ) {}

  @Put(':id/documents/:side')
  @Needs('proposals.act')
  @HttpCode(200)
  @ApiOperation({ summary: "An image of the borrower's document, front or back; only its key is kept" })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiConsumes('image/jpeg', 'image/png', 'application/pdf')
  @ApiBody(A_DOCUMENT)
  @ApiBadGatewayResponse(NOT_TAKEN)
  @ApiPayloadTooLargeResponse(TOO_LONG)
  @ApiServiceUnavailableResponse(TOO_MANY)
  @ApiUnprocessableEntityResponse({ description: 'Neither JPEG, PNG nor PDF, or refused by QI' })
  @ZodResponse({ status: 200, type: KeptDocumentDto })
  async keep(
    @Param('id', ParseUUIDPipe) id: string,
    @Param('side', new ParseEnumPipe(SIDE_NAMES)) side: 'front' | 'back',
    @CurrentActor() actor: Actor,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
  ) {
    const closed = await this.proposals.whyNotDescribed(id);
    if (closed !== undefined) throw proposalProblem(closed);
    const kept = await this.documents.keep(body, IMAGES);
    const request = { actor, idempotencyKey: checkedKey(key), body: { [side]: kept.document_md5 } };
    const person = { [SIDES[side]]: kept.document_key };
    const outcome = await this.proposals.describeBorrower(id, { person }, request);
    if (outcome.kind !== 'done') throw proposalProblem(outcome);
    return kept;
  }
}
