import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { ExposureModule } from '../exposure';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { AuctionLines } from './auction-lines.service';
import { AuctionWorker } from './auction-worker.service';
import { AuctionsController } from './auctions.controller';
import { AuctionsReader } from './auctions-reader.service';
import { BacktestRunner } from './backtest-runner.service';
import { DecideBidService } from './decide-bid.service';
import { DecisionInputsSource } from './decision-inputs.service';
import { ExpireAuctionsService } from './expire-auctions.service';
import { OpenAuctionService } from './open-auction.service';
import { PROGRAMME_TERMS, readProgrammeTerms } from './programme-terms';
import { QiLatency } from './qi-latency.service';
import { RecordOutcomeService } from './record-outcome.service';
import { ReplayController } from './replay.controller';
import { ReplayService } from './replay.service';
import { ShadowDecisions } from './shadow-decisions.service';
import { SettleBidService } from './settle-bid.service';
import { SimulationDrift } from './simulation-drift.service';
import { RequestReview } from './request-review.service';
import { RevealPersonalData } from './reveal-personal-data.service';
import { StoredRequests } from './stored-requests.service';
import { SubmitBidService } from './submit-bid.service';

/** Needs PROPOSAL_DESK, PROPOSAL_REQUEST_READER, WEBHOOK_GATE and OPERATION_OPENER, bound by the composition root. */
@Module({
  imports: [ExposureModule, PolicyModule, PricingModule],
  controllers: [AuctionsController, ReplayController],
  providers: [
    {
      provide: PROGRAMME_TERMS,
      useFactory: () => readProgrammeTerms(join(process.cwd(), 'config', 'programme.json')),
    },
    AuctionLines,
    AuctionWorker,
    AuctionsReader,
    BacktestRunner,
    DecideBidService,
    DecisionInputsSource,
    ExpireAuctionsService,
    OpenAuctionService,
    QiLatency,
    RecordOutcomeService,
    RequestReview,
    RevealPersonalData,
    ReplayService,
    ShadowDecisions,
    SettleBidService,
    SimulationDrift,
    StoredRequests,
    SubmitBidService,
  ],
  exports: [OpenAuctionService, RecordOutcomeService],
})
export class AuctionModule {}
