import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiBody,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, problemIn, type Actor, type Said } from '../platform';
import { NightlyLearning } from './night.service';
import { RateModelLife, type LifeOutcome, type LifeRefusal } from './rate-model-life.service';
import {
  HashParam,
  RateModelDetail,
  RateModelList,
  RateReason,
  ResumeAsked,
  ResumeRefusal,
  ResumeShown,
} from './rate-models.dto';
import { RateModelsReader } from './rate-models.reader.service';

/** Learned rates: their versions, and what people say of them. */
@ApiTags('rate-models')
@ApiBearerAuth()
@Controller('rate-models')
export class RateModelsController {
  constructor(
    private readonly reader: RateModelsReader,
    private readonly life: RateModelLife,
    private readonly nights: NightlyLearning,
  ) {}

  @Get()
  @Needs('policies.read')
  @ApiOperation({ summary: 'Whether rates are learnt and bid, the versions, and the nights that made them' })
  @ZodResponse({ status: 200, type: RateModelList })
  list() {
    return this.reader.list();
  }

  @Post('run')
  @Needs('policies.test')
  @HttpCode(202)
  @ApiAcceptedResponse()
  @ApiOperation({
    summary: 'Have the rates learnt again from all that is known; what came of it stands in the list',
  })
  @ApiConflictResponse({ description: 'The active policy lets nothing be learnt' })
  async run(@CurrentActor() actor: Actor): Promise<void> {
    if (await this.nights.order(actor)) return;
    throw new ProblemException(409, {
      type: 'nothing_learnt',
      title: 'A política ativa não deixa aprender taxas: não há mandato',
    });
  }

  @Post('return')
  @Needs('rates.return')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({
    summary: 'Bid every rate from the table of the policy, at once and until two people say otherwise',
    description: 'Again, it renews the reason; a request to bid learned rates that waits is void.',
  })
  async return(@Body() { reason }: RateReason, @CurrentActor() actor: Actor): Promise<void> {
    valueOf(await this.life.returnToTable(reason, actor));
  }

  @Post('resume')
  @Needs('rates.resume')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({ summary: 'Ask for learned rates to be bid again; somebody else has to agree' })
  @ApiConflictResponse({
    description: 'They are bid, were returned for another reason since, or it was asked for already',
  })
  async resume(
    @Body() { reason, returned_at: shown }: ResumeAsked,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    valueOf(await this.life.askToResume(reason, shown, actor));
  }

  @Post('resume/approve')
  @Needs('policies.approve')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({ summary: 'Agree that learned rates are bid again' })
  @ApiForbiddenResponse({ description: 'Whoever asked for it cannot agree with it' })
  @ApiBody({ type: ResumeShown, required: false })
  @ApiConflictResponse({ description: 'Nobody asked for it, or it was asked for anew' })
  async approveResume(@Body() { asked_at: shown }: ResumeShown, @CurrentActor() actor: Actor): Promise<void> {
    valueOf(await this.life.resume(shown, actor));
  }

  @Post('resume/refuse')
  @Needs('policies.approve')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({ summary: 'Not agree: the table goes on being bid' })
  @ApiConflictResponse({ description: 'Nobody asked for it, or it was asked for anew' })
  async refuseResume(
    @Body() { reason, asked_at: shown }: ResumeRefusal,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    valueOf(await this.life.refuseToResume(reason, shown, actor));
  }

  @Get(':hash')
  @Needs('policies.read')
  @ApiOperation({ summary: 'A version, cell by cell beside the one before, with its card' })
  @ApiNotFoundResponse({ description: 'There is none of this hash' })
  @ZodResponse({ status: 200, type: RateModelDetail })
  async find(@Param() { hash }: HashParam) {
    const found = await this.reader.find(hash);
    if (found === undefined) throw problemIn(SAID, { kind: 'not_found' });
    return found;
  }

  @Post(':hash/approve')
  @Needs('policies.approve')
  @HttpCode(204)
  @ApiNoContentResponse()
  @ApiOperation({ summary: 'Let a version that waits be bid with' })
  @ApiConflictResponse({ description: 'It does not wait' })
  async approve(
    @Param() { hash }: HashParam,
    @Body() { reason }: RateReason,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    valueOf(await this.life.approve(hash, reason, actor));
  }
}

function valueOf(outcome: LifeOutcome): void {
  if (outcome.kind !== 'done') throw problemIn(SAID, outcome);
}

const SAID: Said<LifeRefusal> = {
  not_found: () => [404, { type: 'not_found', title: 'Não encontrado: versão das taxas' }],
  not_waiting: () => [409, { type: 'state_does_not_allow', title: 'A versão não espera por aprovação' }],
  not_returned: () => [
    409,
    { type: 'state_does_not_allow', title: 'As taxas aprendidas já estão nos lances' },
  ],
  returned_anew: () => [
    409,
    {
      type: 'state_does_not_allow',
      title: 'Há um motivo novo para ficar na tabela: é preciso ver o motivo de agora',
    },
  ],
  not_asked: () => [
    409,
    { type: 'state_does_not_allow', title: 'Ninguém pediu a volta às taxas aprendidas' },
  ],
  asked_anew: () => [
    409,
    {
      type: 'state_does_not_allow',
      title: 'A volta às taxas aprendidas foi pedida de novo: é preciso ver o motivo de agora',
    },
  ],
  asked_already: () => [
    409,
    { type: 'state_does_not_allow', title: 'A volta às taxas aprendidas já foi pedida' },
  ],
  own_request: () => [
    403,
    {
      type: 'second_person_needed',
      title:
        'Quem pediu a volta não pode aprová-la, nem por um token pelo qual responde: é preciso outra pessoa',
    },
  ],
};
