import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { systemClock } from '../kernel';
import { AuditTrail } from './audit-trail.service';
import { CLOCK } from './clock';
import { createDataSource } from './data-source';
import { Draining } from './draining';
import { BlindIndex, FieldCipher } from './field-cipher';
import { HealthController } from './health.controller';
import { assertSameIndexKey } from './index-key';
import { InstanceRegistry } from './instance-registry.service';
import { LOGGER, type Logger } from './logger';
import { METRICS, createMetrics } from './metrics';
import { ReadyDetails } from './ready-details';
import { SETTINGS, type Settings } from './settings';
import { Terminal } from './terminal.service';

/** What every module stands on: settings, database, encryption, clock, log, metrics, health. */
@Global()
@Module({})
export class PlatformModule {
  static forRoot(settings: Settings, logger: Logger): DynamicModule {
    // The oldest key, so that people are found under the same index while the encryption moves on to newer ones.
    const indexKey = settings.ARREMATE_ENCRYPTION_KEY.at(-1);
    if (indexKey === undefined) throw new Error('settings without an encryption key');
    const blindIndex = new BlindIndex(indexKey);
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: LOGGER, useValue: logger },
      { provide: CLOCK, useValue: systemClock },
      { provide: METRICS, useFactory: createMetrics },
      { provide: FieldCipher, useValue: new FieldCipher(settings.ARREMATE_ENCRYPTION_KEY) },
      { provide: BlindIndex, useValue: blindIndex },
      AuditTrail,
      { provide: Draining, useValue: new Draining() },
      InstanceRegistry,
      { provide: ReadyDetails, useValue: new ReadyDetails() },
      Terminal,
    ];
    return {
      module: PlatformModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ retryAttempts: 0, manualInitialization: false }),
          dataSourceFactory: async () => {
            const dataSource = await createDataSource(settings.DATABASE_URL).initialize();
            await dataSource.runMigrations();
            await assertSameIndexKey(dataSource, blindIndex);
            return dataSource;
          },
        }),
      ],
      controllers: [HealthController],
      providers,
      exports: providers,
    };
  }
}
