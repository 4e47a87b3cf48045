import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, type Actor } from '../platform';
import { PageQuery, TokenCreated, TokenPage, TokenRequest } from './access.dto';
import { ApiTokens, type ApiToken } from './api-tokens.service';

@ApiTags('access')
@ApiBearerAuth()
@Needs('tokens.manage')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: ApiTokens) {}

  @Post()
  @ApiOperation({ summary: 'A further identity for scripts; the token is answered this once' })
  @ZodResponse({ status: 201, type: TokenCreated })
  async create(@Body() body: TokenRequest, @CurrentActor() actor: Actor) {
    const { token, secret } = await this.tokens.create(body, actor);
    return { ...viewToken(token), token: secret };
  }

  @Get()
  @ApiOperation({ summary: 'All tokens, newest first, without their secrets' })
  @ZodResponse({ status: 200, type: TokenPage })
  async list(@Query() query: PageQuery) {
    const { items, next_cursor } = await this.tokens.list(query);
    return { items: items.map(viewToken), next_cursor };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'From the next request on it opens nothing' })
  async revoke(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    if (!(await this.tokens.revoke(id, actor)))
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such token' });
  }
}

function viewToken({ id, name, actor, roles, created_by, created_at, revoked_at }: ApiToken) {
  return {
    id,
    name,
    actor,
    roles: [...roles],
    created_by,
    created_at: created_at.toISOString(),
    revoked_at: revoked_at?.toISOString() ?? null,
  };
}
