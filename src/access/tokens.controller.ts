import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, type Actor } from '../platform';
import { HandOverRequest, PageQuery, TokenCreated, TokenDto, TokenPage, TokenRequest } from './access.dto';
import type { ApiToken } from './api-token';
import { ApiTokens, type TokenRefusal } from './api-tokens.service';

@ApiTags('access')
@ApiBearerAuth()
@Needs('tokens.manage')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Post()
  @ApiOperation({ summary: 'A further identity for scripts; the token is answered this once' })
  @ZodResponse({ status: 201, type: TokenCreated })
  async create(@Body() { name, roles, keeper, expires_at }: TokenRequest, @CurrentActor() actor: Actor) {
    const expiresAt = expires_at === undefined ? undefined : new Date(expires_at);
    const created = await this.tokens.create({ name, roles, keeper, expiresAt }, actor);
    if (typeof created === 'string') throw refusal(created);
    return { ...viewToken(created.token), token: created.secret };
  }

  @Get()
  @ApiOperation({ summary: 'All tokens, newest first, without their secrets' })
  @ZodResponse({ status: 200, type: TokenPage })
  async list(@Query() query: PageQuery) {
    const { items, next_cursor } = await this.tokens.list(query);
    return { items: items.map(viewToken), next_cursor };
  }

  @Post(':id/hand-over')
  @HttpCode(200)
  @ApiOperation({ summary: 'Somebody else answers for it; its roles and its end stay as they are' })
  @ApiConflictResponse({
    description: 'It is revoked or has expired, or somebody else answers for it than was seen',
  })
  @ZodResponse({ status: 200, type: TokenDto })
  async handOver(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { keeper, keeper_seen: seen }: HandOverRequest,
    @CurrentActor() actor: Actor,
  ) {
    const outcome = await this.tokens.handOver(id, { keeper, seen }, actor);
    if (typeof outcome === 'string') throw refusal(outcome, 'keeper');
    return viewToken(outcome);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'From the next request on it opens nothing' })
  async revoke(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    if (!(await this.tokens.revoke(id, actor))) throw refusal('not_found');
  }
}

/** @param rolesField which field is to blame where roles and keeper do not go together */
function refusal(why: TokenRefusal, rolesField: 'roles' | 'keeper' = 'roles'): ProblemException {
  const invalid = (path: string, message: string) =>
    new ProblemException(422, {
      type: 'invalid',
      title: 'The request is not valid',
      errors: [{ path, message }],
    });
  switch (why) {
    case 'not_found':
      return new ProblemException(404, { type: 'not_found', title: 'There is no such token' });
    case 'ended':
      return new ProblemException(409, { type: 'token_ended', title: 'Este token já terminou: crie outro' });
    case 'wrong_end':
      return invalid('expires_at', 'must be in the future, no further than access.token_max_days');
    case 'no_keeper':
      return invalid('keeper', 'is no enabled user');
    case 'beyond_keeper':
      return invalid(rolesField, 'the keeper may not all that these roles permit');
  }
}

function viewToken(token: ApiToken) {
  return {
    id: token.id,
    name: token.name,
    actor: token.actor,
    roles: [...token.roles],
    roles_now: [...token.rolesNow],
    status: token.status,
    keeper: token.keeper,
    created_by: token.createdBy,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt.toISOString(),
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    revoked_at: token.revokedAt?.toISOString() ?? null,
  };
}
