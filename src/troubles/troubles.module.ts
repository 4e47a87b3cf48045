import { Module } from '@nestjs/common';
import { CertificateWatch } from './certificate-watch.service';
import { HeardHours } from './heard-hours.service';
import { TroubleMetrics } from './trouble-metrics.service';
import { TroublesController } from './troubles.controller';
import { Troubles } from './troubles.service';

/** What is wrong now: measured in one place, told to whoever asks. */
@Module({
  controllers: [TroublesController],
  providers: [CertificateWatch, HeardHours, TroubleMetrics, Troubles],
  exports: [Troubles],
})
export class TroublesModule {}
