import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { CommandSender } from '../commands';
import type { Clock } from '../kernel';
import { CLOCK, InstanceRegistry, LOGGER, METRICS, SETTINGS, type Logger, type Settings } from '../platform';
import { RecoveryGeneration, RestoreSteps } from '../recovery';
import type { OperationAction } from './domain';
import { OperationCommandBook } from './operation-command-book';
import { OperationCommands } from './operation-commands';
import { OPERATION_LIMITS, type OperationLimits } from './operation-limits';
import type { OperationEntity } from './operation.entity';

/** Sends what is asked of QI about operations. */
@Injectable()
export class OperationCommandSender extends CommandSender<OperationEntity, OperationAction> {
  constructor(
    owner: OperationCommands,
    book: OperationCommandBook,
    dataSource: DataSource,
    instances: InstanceRegistry,
    recovery: RecoveryGeneration,
    restoreSteps: RestoreSteps,
    @Inject(OPERATION_LIMITS) limits: OperationLimits,
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
