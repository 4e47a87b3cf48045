import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { readPrivilege } from './database-roles';
import { LOGGER, type Logger } from '../telemetry/logger';
import { ReadyDetails } from '../http/ready-details';

/** Says at the start, and to whoever asks for health, whether the service could undo what its triggers protect. */
@Injectable()
export class DatabaseStanding implements OnApplicationBootstrap {
  constructor(
    private readonly dataSource: DataSource,
    private readonly readyDetails: ReadyDetails,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { role, privilege } = await readPrivilege(this.dataSource);
    this.readyDetails.add('database', () => ({ privilege }));
    if (privilege === 'restricted') this.logger.info({ role, privilege }, 'the role in the database');
    else
      this.logger.warn(
        { role, privilege },
        'the role in the database could drop the triggers of the audit trail: give the service one of its own (docs/deployment.md)',
      );
  }
}
