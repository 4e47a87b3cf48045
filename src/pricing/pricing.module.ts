import { Module } from '@nestjs/common';
import { PricingDataService } from './pricing-data.service';
import { QuotesController } from './quotes.controller';

@Module({
  controllers: [QuotesController],
  providers: [PricingDataService],
  exports: [PricingDataService],
})
export class PricingModule {}
