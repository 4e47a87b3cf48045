import { Module } from '@nestjs/common';
import { AuctionModule } from '../auction';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { BacktestRunner } from './backtest-runner.service';
import { ReplayController } from './replay.controller';
import { ReplayService } from './replay.service';

/** Needs PROPOSAL_REQUEST_READER and WEBHOOK_GATE, bound by the composition root. */
@Module({
  imports: [AuctionModule, PolicyModule, PricingModule],
  controllers: [ReplayController],
  providers: [BacktestRunner, ReplayService],
})
export class TrialModule {}
