import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Query,
} from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, type Actor } from '../platform';
import { UserQuery } from './access.dto';
import { InvitedDto, UserChangeDto, UserCreatedDto, UserDto, UserPage, UserRequest } from './account.dto';
import type { Invitation } from './invitations.service';
import { Users, type User } from './users.service';

@ApiTags('access')
@ApiBearerAuth()
@Needs('users.manage')
@Controller('users')
export class UsersController {
  constructor(private readonly users: Users) {}

  @Get()
  @ApiOperation({ summary: 'All users, or those with a text in their names, newest first' })
  @ZodResponse({ status: 200, type: UserPage })
  async list(@Query() query: UserQuery) {
    const { items, next_cursor } = await this.users.list(query);
    return { items: items.map(viewUser), next_cursor };
  }

  @Post()
  @ApiOperation({ summary: 'A new user, who sets password and authenticator through the link' })
  @ApiConflictResponse({ description: 'The name is taken, by a disabled user too' })
  @ZodResponse({ status: 201, type: UserCreatedDto })
  async create(@Body() body: UserRequest, @CurrentActor() actor: Actor) {
    const created = await this.users.create(body, actor);
    if (created === undefined)
      throw new ProblemException(409, {
        type: 'username_taken',
        title: 'Já existe um usuário com este nome',
      });
    return { ...viewUser(created.user), ...viewInvitation(created.invitation) };
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Other roles, or disabled, or enabled again; holds from the next request' })
  @ApiConflictResponse({ description: 'Nobody could manage users any more, or the roles are not those seen' })
  @ZodResponse({ status: 200, type: UserDto })
  async change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: UserChangeDto,
    @CurrentActor() actor: Actor,
  ) {
    const outcome = await this.users.change(id, change, actor);
    if (outcome === 'not_found') throw noSuchUser();
    if (outcome === 'last_administrator')
      throw new ProblemException(409, {
        type: 'last_administrator',
        title: 'É o último administrador que pode entrar',
      });
    return viewUser(outcome);
  }

  @Post(':id/invitation')
  @ApiOperation({ summary: 'A new link for whoever lost the password or the telephone' })
  @ZodResponse({ status: 201, type: InvitedDto })
  async invite(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor) {
    const invitation = await this.users.invite(id, actor);
    if (invitation === undefined) throw noSuchUser();
    return viewInvitation(invitation);
  }

  @Delete(':id/sessions')
  @HttpCode(204)
  @ApiOperation({ summary: 'Sign a user out everywhere' })
  async endSessions(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    if (!(await this.users.endSessions(id, actor))) throw noSuchUser();
  }
}

function noSuchUser(): ProblemException {
  return new ProblemException(404, { type: 'not_found', title: 'There is no such user, or it is disabled' });
}

function viewUser({ created_at, disabled_at, roles, ...user }: User) {
  return {
    ...user,
    roles: [...roles],
    created_at: created_at.toISOString(),
    disabled_at: disabled_at?.toISOString() ?? null,
  };
}

function viewInvitation({ link, expiresAt }: Invitation) {
  return { invitation_link: link, invitation_expires_at: expiresAt.toISOString() };
}
