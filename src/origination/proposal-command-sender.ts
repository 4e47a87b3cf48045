import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CommandSender } from '../commands';
import type { Clock } from '../kernel';
import { CLOCK, InstanceRegistry, LOGGER, METRICS, SETTINGS, type Logger, type Settings } from '../platform';
import { RecoveryGeneration, RestoreSteps } from '../recovery';
import type { ProposalAction } from './domain';
import { ORIGINATION_LIMITS, type OriginationLimits } from './origination-limits';
import { ProposalCommandBook } from './proposal-command-book';
import { ProposalCommands } from './proposal-commands';
import type { ProposalEntity } from './proposal.entity';

/** Sends what is asked of QI about proposals. */
@Injectable()
export class ProposalCommandSender extends CommandSender<ProposalEntity, ProposalAction> {
  constructor(
    owner: ProposalCommands,
    book: ProposalCommandBook,
    dataSource: DataSource,
    instances: InstanceRegistry,
    recovery: RecoveryGeneration,
    restoreSteps: RestoreSteps,
    @Inject(ORIGINATION_LIMITS) limits: OriginationLimits,
    @Inject(SETTINGS) settings: Settings,
    @Inject(CLOCK) clock: Clock,
    @Inject(LOGGER) logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    super(owner, book, limits, {
      dataSource,
      instances,
      recovery,
      restoreSteps,
      settings,
      clock,
      logger,
      metrics,
    });
  }
}
