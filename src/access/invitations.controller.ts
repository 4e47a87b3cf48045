import { Body, Controller, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { ApiGoneResponse, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ZodResponse } from 'nestjs-zod';
import { ClientAddress, ProblemException, Public } from '../platform';
import { AcceptanceDto, InvitationDto, InvitationTokenDto } from './account.dto';
import { Invitations } from './invitations.service';
import { JsonOnlyGuard } from './json-only.guard';
import { SignInThrottle } from './sign-in-throttle.service';
import { tooManyFailures } from './too-many-failures';

/** What the page behind an invitation's link talks to. The token travels in bodies, never in an address. */
@ApiTags('session')
@Public()
@UseGuards(JsonOnlyGuard)
@Controller('invitations')
export class InvitationsController {
  constructor(
    private readonly invitations: Invitations,
    private readonly throttle: SignInThrottle,
  ) {}

  @Post('inspect')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whom a link is for, and what their authenticator needs' })
  @ApiGoneResponse({ description: 'Used, void, expired, or not a link of ours' })
  @ZodResponse({ status: 200, type: InvitationDto })
  async inspect(
    @Body() { token, username }: InvitationTokenDto,
    @ClientAddress() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const found = await this.invitations.inspect(token, username);
    if (found === undefined) return this.#void(address, reply);
    return { username: found.username ?? null, totp_uri: found.totpUri };
  }

  @Post('accept')
  @HttpCode(204)
  @ApiOperation({ summary: 'Set the password and prove that the authenticator works; then sign in' })
  @ApiNoContentResponse()
  @ApiGoneResponse({ description: 'Used, void, expired, or not a link of ours' })
  async accept(
    @Body() body: AcceptanceDto,
    @ClientAddress() address: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const outcome = await this.invitations.accept({
      token: body.token,
      username: body.username,
      password: body.password,
      code: body.code,
    });
    switch (outcome.kind) {
      case 'accepted':
        return;
      case 'void':
        return this.#void(address, reply);
      case 'wrong_code':
        throw wrong('code', 'o código não confere: veja se o relógio do telefone está certo');
      case 'username_needed':
        throw wrong('username', 'escolha um nome de usuário');
    }
  }

  /** Whoever guesses links is slowed down like whoever guesses passwords. */
  async #void(address: string, reply: FastifyReply): Promise<never> {
    const refused = await this.throttle.slowDown(address);
    if (refused !== undefined) throw tooManyFailures(reply, refused);
    throw new ProblemException(410, {
      type: 'invitation_void',
      title: 'Este convite já foi usado ou perdeu a validade',
    });
  }
}

function wrong(path: string, message: string): ProblemException {
  const errors = [{ path, message }];
  return new ProblemException(422, { type: 'invalid', title: 'O pedido tem campos a corrigir', errors });
}
