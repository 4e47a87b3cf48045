import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiBadGatewayResponse,
  ApiBody,
  ApiConflictResponse,
  ApiConsumes,
  ApiOperation,
  ApiPayloadTooLargeResponse,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { A_DOCUMENT, Documents, KeptDocumentDto, NOT_TAKEN, TOO_LONG, TOO_MANY } from '../documents';
import { CurrentActor, DOCUMENTS, Needs, type Actor } from '../platform';
import { OperatorActions } from './operator-actions.service';
import { problemOf } from './refusal';

const PROOFS = ['jpeg', 'png', 'pdf', 'zip'] as const;

/** What proves a signature that was collected by us: a face, a signed paper, an archive. */
@ApiTags('operations')
@Controller('operations')
export class OperationDocumentsController {
  constructor(
    private readonly documents: Documents,
    private readonly actions: OperatorActions,
  ) {}

  @Post(':key/documents')
  @Needs('operations.act')
  @HttpCode(200)
  @ApiOperation({ summary: 'Send a file that proves a signature to QI; its key belongs into the signature' })
  @ApiConsumes(...DOCUMENTS)
  @ApiBody(A_DOCUMENT)
  @ApiBadGatewayResponse(NOT_TAKEN)
  @ApiConflictResponse({ description: 'The state or the product does not allow a signature of ours' })
  @ApiPayloadTooLargeResponse(TOO_LONG)
  @ApiServiceUnavailableResponse(TOO_MANY)
  @ApiUnprocessableEntityResponse({ description: 'Of no kind that QI takes, or refused by QI' })
  @ZodResponse({ status: 200, type: KeptDocumentDto })
  async keep(@Param('key') key: string, @CurrentActor() actor: Actor, @Body() body: unknown) {
    const obstacle = await this.actions.whyNoSignature(key);
    if (obstacle !== undefined) throw problemOf(obstacle);
    const kept = await this.documents.keep(body, PROOFS);
    await this.actions.noteDocument(key, kept, actor);
    return kept;
  }
}
