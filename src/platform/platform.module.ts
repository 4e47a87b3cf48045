import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Pool } from 'pg';
import { systemClock, type Clock } from '../kernel';
import { AuditSeals } from './audit/audit-seals';
import { AuditTrail } from './audit/audit-trail.service';
import { readBindingStage } from './encryption/binding-stage';
import { BindingWatch } from './encryption/binding-watch.service';
import { CLOCK, HouseClock } from './process/clock';
import { ClockWatch } from './process/clock-watch.service';
import { createDataSource } from './database/data-source';
import { opened } from './database/database-refusal';
import { DatabaseStanding } from './database/database-standing.service';
import { Draining } from './process/draining';
import { BlindIndex, FieldCipher } from './encryption/field-cipher';
import { HealthController } from './http/health.controller';
import { HOT_POOL } from './database/hot-pool';
import { assertSameIndexKey } from './encryption/index-key';
import { InstanceRegistry } from './process/instance-registry.service';
import { LogMetrics } from './telemetry/log-metrics.service';
import { LOGGER, type Logger } from './telemetry/logger';
import { ManagementDoor } from './http/management-door.service';
import { METRICS, createMetrics } from './telemetry/metrics';
import { NameResolver } from './name-resolver';
import { applyMigrations } from './database/apply-migrations';
import { PeriodicWatch } from './process/periodic-watch.service';
import { createPool } from './database/pool';
import { ReadDatabase } from './database/read-database';
import { ReadyDetails } from './http/ready-details';
import { ReplicaReads } from './database/replica.service';
import { assertSchemaFits } from './database/schema-range';
import { SETTINGS, type Settings } from './settings';
import { Sightings } from './telemetry/sightings';
import { Terminal } from './telemetry/terminal.service';
import { Traces } from './telemetry/traces.service';

/** Longer than any statement may take, but for those of retention, which has connections of its own. */
const SILENCE_MS = 30_000;

/** What every module stands on: settings, database, encryption, clock, log, metrics, health. */
@Global()
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  constructor(@Inject(HOT_POOL) private readonly hotPool: Pool) {}

  static forRoot(settings: Settings, logger: Logger, clock: Clock = systemClock): DynamicModule {
    // The oldest key, so that people are found under the same index while the encryption moves on to newer ones.
    const indexKey = settings.ARREMATE_ENCRYPTION_KEY.at(-1);
    if (indexKey === undefined) throw new Error('settings without an encryption key');
    const blindIndex = new BlindIndex(indexKey);
    const cipher = new FieldCipher(settings.ARREMATE_ENCRYPTION_KEY, 'unbound', (place, row, error) => {
      logger.error({ err: error, place, row }, 'a row cannot be opened: it is shown without its person');
    });
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: logger },
      { provide: HouseClock, useValue: new HouseClock(clock) },
      { provide: CLOCK, useExisting: HouseClock },
      { provide: METRICS, useFactory: createMetrics },
      LogMetrics,
      { provide: FieldCipher, useValue: cipher },
      { provide: AuditSeals, useValue: new AuditSeals(settings.ARREMATE_ENCRYPTION_KEY) },
      { provide: BlindIndex, useValue: blindIndex },
      AuditTrail,
      { provide: Draining, useValue: new Draining() },
      {
        provide: HOT_POOL,
        useFactory: () =>
          createPool(settings.DATABASE_URL, {
            applicationName: 'arremate-hot',
            size: settings.engine.database.hot_connections,
            queryTimeoutMs: settings.engine.database.hot_timeout_ms,
            // Every table here is found by its keys. A plan made while a table was small must not read it whole later.
            settings: { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off', jit: 'off' },
          }),
      },
      InstanceRegistry,
      BindingWatch,
      DatabaseStanding,
      ManagementDoor,
      ClockWatch,
      PeriodicWatch,
      { provide: ReadyDetails, useValue: new ReadyDetails() },
      { provide: Sightings, useValue: new Sightings() },
      { provide: NameResolver, useValue: new NameResolver() },
      ReplicaReads,
      { provide: ReadDatabase, useExisting: ReplicaReads },
      Terminal,
      tracesTo(settings, logger),
    ];
    return {
      module: PlatformModule,
      imports: [
        ScheduleModule.forRoot(),
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ retryAttempts: 0, manualInitialization: false }),
          dataSourceFactory: async () => {
            const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = settings;
            if (settings.ARREMATE_MIGRATE) await applyMigrations({ url, ownerUrl }, logger);
            const dataSource = await opened(
              createDataSource(url, {
                poolSize: settings.engine.database.connections,
                queryTimeoutMs: SILENCE_MS,
              }),
            );
            await assertSchemaFits(dataSource);
            await assertSameIndexKey(dataSource, blindIndex);
            cipher.follow(await readBindingStage(dataSource));
            return dataSource;
          },
        }),
      ],
      controllers: [HealthController],
      providers,
      exports: providers,
    };
  }

  /** Everybody has drained by now: what goes on after an answer of QI's was written in onModuleDestroy. */
  async onApplicationShutdown(): Promise<void> {
    await this.hotPool.end();
  }
}

function tracesTo(settings: Settings, logger: Logger): Provider {
  return {
    provide: Traces,
    inject: [NameResolver],
    useFactory: (names: NameResolver) => Traces.open(settings, logger, names),
  };
}
