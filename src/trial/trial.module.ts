import { Module } from '@nestjs/common';
import { AuctionModule } from '../auction';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { BacktestReports } from './backtest-reports.service';
import { BacktestRunner } from './backtest-runner.service';
import { BacktestsController } from './backtests.controller';
import { ReplayController } from './replay.controller';
import { ReplayService } from './replay.service';

/** Needs PROPOSAL_REQUEST_READER and WEBHOOK_GATE, bound by the composition root. */
@Module({
  imports: [AuctionModule, PolicyModule, PricingModule],
  controllers: [BacktestsController, ReplayController],
  providers: [BacktestReports, BacktestRunner, ReplayService],
})
export class TrialModule {}
