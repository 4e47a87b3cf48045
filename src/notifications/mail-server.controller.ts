import { Body, Controller, Get, Inject, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, ProblemException, SETTINGS, type Actor, type Settings } from '../platform';
import { doorRefusal, MailServerBody, MailServerView } from './mail-server.dto';
import { MailServers } from './mail-server.service';

@ApiTags('notifications')
@ApiBearerAuth()
@Controller('mail-server')
export class MailServerController {
  constructor(
    private readonly servers: MailServers,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  @Needs('notifications.read')
  @ApiOperation({ summary: 'Which server takes our mail; its password is never shown' })
  @ZodResponse({ status: 200, type: MailServerView })
  read() {
    return this.#view();
  }

  @Put()
  @Needs('notifications.manage')
  @ApiOperation({ summary: 'Hand our mail in somewhere else' })
  @ApiConflictResponse({ description: 'Somebody changed it since `changed_at_seen`' })
  @ZodResponse({ status: 200, type: MailServerView })
  async set(@Body() body: MailServerBody, @CurrentActor() actor: Actor) {
    const refusal = doorRefusal(body, this.settings.ARREMATE_NOTIFY_LOOPBACK);
    if (refusal !== undefined)
      throw new ProblemException(422, {
        type: 'invalid',
        title: 'The request is not valid',
        errors: [refusal],
      });
    await this.servers.set(body, actor);
    return this.#view();
  }

  async #view() {
    const row = await this.servers.find();
    if (row === undefined) return { server: null };
    const { host, port, security, sender, username, changed_by } = row;
    const has_password = row.username !== '';
    const changed_at = row.changed_at.toISOString();
    return { server: { host, port, security, sender, username, has_password, changed_by, changed_at } };
  }
}
