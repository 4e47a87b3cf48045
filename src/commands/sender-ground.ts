import { Inject, Injectable } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { Clock } from '../kernel';
import {
  CLOCK,
  Draining,
  InstanceRegistry,
  LOGGER,
  METRICS,
  SETTINGS,
  type Logger,
  type Settings,
} from '../platform';
import { RecoveryGeneration, RestoreSteps } from '../recovery';

/** What every sender stands on, whatever its commands are about. */
@Injectable()
export class SenderGround {
  constructor(
    readonly dataSource: DataSource,
    readonly instances: InstanceRegistry,
    readonly recovery: RecoveryGeneration,
    readonly restoreSteps: RestoreSteps,
    readonly draining: Draining,
    @Inject(SETTINGS) readonly settings: Settings,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(LOGGER) readonly logger: Logger,
    @Inject(METRICS) readonly metrics: Registry,
  ) {}
}
