import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ZodResponse } from 'nestjs-zod';
import { Needs, ProblemException } from '../platform';
import { PasswordChangeDto, SessionListDto } from './account.dto';
import { CurrentSession } from './current-session';
import { actorOf, Sessions, type Session } from './sessions.service';
import { SignIn } from './sign-in.service';
import { tooManyFailures } from './too-many-failures';

@ApiTags('session')
@Needs('account.own')
@Controller('account')
export class AccountController {
  constructor(
    private readonly signIn: SignIn,
    private readonly sessions: Sessions,
  ) {}

  @Post('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change my password; my other sessions end' })
  async changePassword(
    @CurrentSession() session: Session,
    @Body() body: PasswordChangeDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const outcome = await this.signIn.changePassword(session, body.current_password, body.new_password);
    if (typeof outcome !== 'string') throw tooManyFailures(reply, outcome);
    if (outcome === 'refused') {
      const errors = [{ path: 'current_password', message: 'não confere' }];
      throw new ProblemException(422, { type: 'invalid', title: 'O pedido tem campos a corrigir', errors });
    }
  }

  @Get('sessions')
  @ApiOperation({ summary: 'Where I am signed in' })
  @ZodResponse({ status: 200, type: SessionListDto })
  async list(@CurrentSession() session: Session) {
    const rows = await this.sessions.listOf(session.userId);
    return {
      items: rows.map(({ id, method, created_at, seen_at, expires_at }) => ({
        id,
        method,
        created_at: created_at.toISOString(),
        seen_at: seen_at.toISOString(),
        expires_at: expires_at.toISOString(),
        is_this_one: id === session.id,
      })),
    };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of my sessions' })
  async end(@Param('id', ParseUUIDPipe) id: string, @CurrentSession() session: Session): Promise<void> {
    if (!(await this.sessions.end(session.userId, id, actorOf(session))))
      throw new ProblemException(404, { type: 'not_found', title: 'There is no such session of yours' });
  }
}
