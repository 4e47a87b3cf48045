import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConflictResponse,
  ApiForbiddenResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOperation,
  ApiPreconditionFailedResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, May, Needs, ProblemException, type Actor } from '../platform';
import {
  ActivationPage,
  BasedOn,
  DictionaryView,
  DiffQuery,
  DraftName,
  ExaminationView,
  ManuscriptBody,
  NumberParam,
  PolicyDiff,
  PolicyStandingView,
  PolicyPage,
  PolicyQuery,
  PolicyVersionView,
  RuleList,
  RuleQuery,
  SavedPolicy,
} from './policies.dto';
import { PoliciesReader } from './policies-reader.service';
import { viewChange, viewDictionary, viewExamination, viewSummary, viewVersion } from './policies.views';
import { PolicyExaminer } from './policy-examination.service';
import { PolicyDrafts, type Author, type Manuscript } from './policy-drafts.service';
import { valueOf } from './policy-refusal';
import { SubmitBody } from './policy-review.dto';
import { PolicyReviews } from './policy-reviews.service';
import { RuleSearch } from './rule-search.service';
import type { PolicyRow } from './policy-row';

/** Left out by scripts, and by pages of a release before. */
export const MAY_MATCH = {
  name: 'If-Match',
  required: false,
  description: 'the ETag of the version as you read it: one that was changed since stays as it is',
};
const IF_MATCH = { name: 'If-Match', required: true, description: 'the ETag of the version as you read it' };

const FOR_SEERS =
  "A test case names somebody, beside a list of people, and you may not see a borrower's data";

/** Room for tables of thousands of rows. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** What authors and readers do. A version's ETag is its hash. */
@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class PoliciesController {
  constructor(
    private readonly reader: PoliciesReader,
    private readonly drafts: PolicyDrafts,
    private readonly examiner: PolicyExaminer,
    private readonly reviews: PolicyReviews,
    private readonly rules: RuleSearch,
  ) {}

  @Get()
  @Needs('policies.read')
  @ApiOperation({ summary: 'All versions, newest first' })
  @ZodResponse({ status: 200, type: PolicyPage })
  async list(@Query() query: PolicyQuery) {
    const { items, next_cursor } = await this.reader.list(query);
    return { items: items.map(viewSummary), next_cursor };
  }

  @Get('active')
  @Needs('policies.read')
  @ApiOperation({ summary: 'The version that decides now' })
  @ZodResponse({ status: 200, type: PolicyVersionView })
  async active(@Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, await this.reader.active());
  }

  @Get('activations')
  @Needs('policies.read')
  @ApiOperation({ summary: 'Which version decided from when on, newest first' })
  @ZodResponse({ status: 200, type: ActivationPage })
  async activations() {
    const rows = await this.reader.activations();
    return { items: rows.map((row) => ({ ...row, activated_at: row.activated_at.toISOString() })) };
  }

  @Get('dictionary')
  @Needs('policies.read')
  @ApiOperation({ summary: 'The fields and operators that rules, tables and test cases are made of' })
  @ZodResponse({ status: 200, type: DictionaryView })
  dictionary() {
    return viewDictionary(this.examiner.reference);
  }

  @Get('rules')
  @Needs('policies.read')
  @ApiOperation({
    summary: 'Rules by their words, of every product',
    description: 'Of the active version first, then of the newest ten that are drafts or on their way.',
  })
  @ZodResponse({ status: 200, type: RuleList })
  async findRules(@Query() { text, limit }: RuleQuery) {
    return { items: [...(await this.rules.find(text, limit))] };
  }

  @Post('check')
  @RouteConfig({ bodyLimit: MAX_DOCUMENT_BYTES })
  @Needs('policies.test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Every problem, finding and failing test case of a document; nothing is kept' })
  @ApiForbiddenResponse({ description: FOR_SEERS })
  @ApiUnprocessableEntityResponse({ description: 'Not a policy: all its problems by path, in Portuguese' })
  @ZodResponse({ status: 200, type: ExaminationView })
  async check(@Body() body: ManuscriptBody, @May('personal_data.reveal') mayReveal: boolean) {
    const { hash, ...examination } = valueOf(await this.drafts.check(manuscriptOf(body), { mayReveal }));
    return { hash, ...viewExamination(examination) };
  }

  @Post()
  @Needs('policies.write_values')
  @ApiOperation({ summary: 'A draft, copied from the version named or from the active one' })
  @ZodResponse({ status: 201, type: PolicyVersionView })
  async create(
    @Body() { based_on: basedOn, own_name: ownName }: BasedOn,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, valueOf(await this.drafts.create(basedOn, ownName, actor)));
  }

  @Get(':number')
  @Needs('policies.read')
  @ZodResponse({ status: 200, type: PolicyVersionView })
  async one(@Param() { number }: NumberParam, @Res({ passthrough: true }) reply: FastifyReply) {
    return tagged(reply, valueOf(await this.reader.find(number)));
  }

  @Get(':number/examination')
  @Needs('policies.read')
  @ApiOperation({ summary: 'Static checks as of today, and the test cases the version carries' })
  @ZodResponse({ status: 200, type: ExaminationView })
  async examine(@Param() { number }: NumberParam) {
    const { hash, ...examination } = valueOf(await this.reader.examine(number));
    return { hash, ...viewExamination(examination) };
  }

  @Get(':number/diff')
  @Needs('policies.read')
  @ApiOperation({
    summary: 'What changed, by cell: against a version, or against the one it was copied from',
    description: 'Of a version that was handed in, it is kept who was given the difference, and when.',
  })
  @ZodResponse({ status: 200, type: PolicyDiff })
  async diff(
    @Param() { number }: NumberParam,
    @Query() { against }: DiffQuery,
    @CurrentActor() actor: Actor,
  ) {
    const difference = valueOf(await this.reader.diff(number, against));
    await this.reviews.opened(difference, actor);
    const { before, changes } = difference;
    return { before, after: number, changes: changes.map(viewChange) };
  }

  @Get(':number/standing')
  @Needs('policies.read')
  @ApiOperation({
    summary: 'Which version is in force, and what of it this one would undo or change again',
    description: 'Only what was put in force since the two parted. It is no look at the difference.',
  })
  @ZodResponse({ status: 200, type: PolicyStandingView })
  async standing(@Param() { number }: NumberParam) {
    const { inForce, takenBack } = valueOf(await this.reader.standing(number));
    return { in_force: inForce, taken_back: takenBack.map(viewChange) };
  }

  @Put(':number')
  @RouteConfig({ bodyLimit: MAX_DOCUMENT_BYTES })
  @Needs('policies.write_structure')
  @ApiOperation({ summary: 'Replace the content of a draft, whole. Its test cases run' })
  @ApiHeader(IF_MATCH)
  @ApiForbiddenResponse({ description: FOR_SEERS })
  @ApiPreconditionFailedResponse({ description: 'Somebody saved it meanwhile' })
  @ApiUnprocessableEntityResponse({ description: 'Not a policy: nothing was saved' })
  @ZodResponse({ status: 200, type: SavedPolicy })
  save(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: ManuscriptBody,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#save('structure', number, ifMatch, body, { actor, mayReveal }, reply);
  }

  @Put(':number/values')
  @RouteConfig({ bodyLimit: MAX_DOCUMENT_BYTES })
  @Needs('policies.write_values')
  @ApiOperation({ summary: 'The same, for cells, limits, lists and test cases alone' })
  @ApiHeader(IF_MATCH)
  @ApiForbiddenResponse({ description: `More than values would change. ${FOR_SEERS}` })
  @ApiPreconditionFailedResponse({ description: 'Somebody saved it meanwhile' })
  @ZodResponse({ status: 200, type: SavedPolicy })
  saveValues(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() body: ManuscriptBody,
    @CurrentActor() actor: Actor,
    @May('personal_data.reveal') mayReveal: boolean,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.#save('values', number, ifMatch, body, { actor, mayReveal }, reply);
  }

  @Put(':number/name')
  @Needs('policies.write_values')
  @ApiOperation({ summary: 'Call a draft something else. Its content stays, and so does its ETag' })
  @ApiConflictResponse({ description: 'It is no draft: its name stays' })
  @ZodResponse({ status: 200, type: PolicyVersionView })
  async rename(
    @Param() { number }: NumberParam,
    @Body() { own_name: ownName }: DraftName,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, valueOf(await this.drafts.rename(number, ownName, actor)));
  }

  @Delete(':number')
  @Needs('policies.write_values')
  @HttpCode(204)
  @ApiOperation({ summary: 'Throw a draft away' })
  @ApiHeader(MAY_MATCH)
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'It is no draft: it stays' })
  @ApiPreconditionFailedResponse({ description: 'Somebody saved it meanwhile: it stays' })
  async discard(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    valueOf(await this.drafts.discard(number, seenHash(ifMatch), actor));
  }

  @Post(':number/submit')
  @Needs('policies.write_values')
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand a draft in for review' })
  @ApiHeader(MAY_MATCH)
  @ApiBody({ type: SubmitBody, required: false })
  @ApiConflictResponse({
    description: 'No draft, the same as another version, or it could never be activated',
  })
  @ApiPreconditionFailedResponse({ description: 'Somebody saved it meanwhile: it stays a draft' })
  @ZodResponse({ status: 200, type: PolicyVersionView })
  async submit(
    @Param() { number }: NumberParam,
    @Headers('if-match') ifMatch: string | undefined,
    @Body() { change_note: note }: SubmitBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, valueOf(await this.drafts.submit(number, seenHash(ifMatch), note, actor)));
  }

  async #save(
    level: 'values' | 'structure',
    number: number,
    ifMatch: string | undefined,
    body: ManuscriptBody,
    author: Author,
    reply: FastifyReply,
  ) {
    const saved = await this.drafts.save(number, hashIn(ifMatch), manuscriptOf(body), level, author);
    const { row, ...examination } = valueOf(saved);
    return { ...tagged(reply, row), ...viewExamination(examination) };
  }
}

const manuscriptOf = ({ document, lists }: ManuscriptBody): Manuscript => ({ document, lists });

export function tagged(reply: FastifyReply, row: PolicyRow) {
  void reply.header('etag', `"${row.hash}"`);
  return viewVersion(row);
}

export const seenHash = (ifMatch: string | undefined) =>
  ifMatch === undefined ? undefined : hashIn(ifMatch);

/** The hash that If-Match names. @throws ProblemException 428 without one. */
export function hashIn(ifMatch: string | undefined): string {
  if (ifMatch === undefined)
    throw new ProblemException(428, {
      type: 'if_match_needed',
      title: 'Informe em If-Match o ETag da versão que você leu',
    });
  return ifMatch.trim().replace(/^(W\/)?"(.*)"$/, '$2');
}
