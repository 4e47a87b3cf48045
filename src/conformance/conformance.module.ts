import { Module } from '@nestjs/common';
import { AuctionModule } from '../auction';
import { PricingModule } from '../pricing';
import { ConformanceController } from './conformance.controller';
import { ConformanceRuns } from './conformance-runs.service';

@Module({
  imports: [AuctionModule, PricingModule],
  controllers: [ConformanceController],
  providers: [ConformanceRuns],
  exports: [ConformanceRuns],
})
export class ConformanceModule {}
