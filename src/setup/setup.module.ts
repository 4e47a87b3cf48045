import { Module } from '@nestjs/common';
import { ConformanceModule } from '../conformance';
import { PolicyModule } from '../policy';
import { SetupController } from './setup.controller';
import { SetupFactsSource } from './setup-facts.service';

/** The first day: what has to be there before the first bid. */
@Module({
  imports: [ConformanceModule, PolicyModule],
  controllers: [SetupController],
  providers: [SetupFactsSource],
})
export class SetupModule {}
