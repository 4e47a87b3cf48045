import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOGGER, SETTINGS, Terminal, type Logger, type Settings } from '../platform';
import { Invitations } from './invitations.service';

/** While there is no user at all, each start prints a link with which the first administrator is made. */
@Injectable()
export class FirstAdministrator implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly invitations: Invitations,
    private readonly terminal: Terminal,
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.ARREMATE_ROLE === 'worker') return;
    const users = await this.dataSource.query<unknown[]>(`SELECT FROM app_user LIMIT 1`);
    if (users.length > 0) return;
    const { link, expiresAt } = await this.invitations.create(this.dataSource.manager, null);
    // Standard output is for people when the structured log goes to a file.
    if (this.settings.ARREMATE_LOG_FILE === undefined)
      this.logger.warn(
        { link, expires_at: expiresAt },
        'there is no user yet: the first administrator is made here',
      );
    else this.terminal.say(`There is no user yet. The first administrator is made here, once:  ${link}`);
  }
}
