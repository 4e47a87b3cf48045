import { Module } from '@nestjs/common';
import { CertificateWatch } from './certificate-watch.service';
import { TroublesController } from './troubles.controller';
import { Troubles } from './troubles.service';

/** What is wrong now: measured in one place, told to whoever asks. */
@Module({
  controllers: [TroublesController],
  providers: [CertificateWatch, Troubles],
  exports: [Troubles],
})
export class TroublesModule {}
