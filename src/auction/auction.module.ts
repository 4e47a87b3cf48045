import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { ExposureModule } from '../exposure';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { RecoveryModule } from '../recovery';
import { TerminalLines } from './bidding/terminal-lines.service';
import { AuctionWorker } from './bidding/auction-worker.service';
import { AuctionsController } from './view/auctions.controller';
import { AuctionsReader } from './view/auctions-reader.service';
import { DecideAuctionsService } from './bidding/decide-auctions.service';
import { DecisionInputsSource } from './bidding/decision-inputs.service';
import { ExpireAuctionsService } from './bidding/expire-auctions.service';
import { AuctionLedger } from './bidding/ledger';
import { OpenAuctionService } from './bidding/open-auction.service';
import { PROGRAMME_TERMS, readProgrammeTerms } from './programme-terms';
import { QiLatency } from './bidding/qi-latency.service';
import { RecordOutcomeService } from './bidding/record-outcome.service';
import { RestoreBids } from './bidding/restore-bids.service';
import { ShadowDecisions } from './bidding/shadow-decisions.service';
import { SettleBidService } from './bidding/settle-bid.service';
import { SimulationDrift } from './bidding/simulation-drift.service';
import { RequestReview } from './view/request-review.service';
import { RevealPersonalData } from './view/reveal-personal-data.service';
import { StoredRequests } from './bidding/stored-requests.service';
import { SubmitBidService } from './bidding/submit-bid.service';
import { UnbidCount } from './bidding/unbid-count.service';
import { UndecidedAuctions } from './bidding/undecided-auctions.service';

/** Needs PROPOSAL_DESK, PROPOSAL_REQUEST_READER, WEBHOOK_GATE, RATE_MODELS and OPERATION_OPENER, bound by the composition root. */
@Module({
  imports: [ExposureModule, PolicyModule, PricingModule, RecoveryModule],
  controllers: [AuctionsController],
  providers: [
    {
      provide: PROGRAMME_TERMS,
      useFactory: () => readProgrammeTerms(join(process.cwd(), 'config', 'programme.json')),
    },
    AuctionLedger,
    TerminalLines,
    AuctionWorker,
    AuctionsReader,
    DecideAuctionsService,
    DecisionInputsSource,
    ExpireAuctionsService,
    OpenAuctionService,
    QiLatency,
    RecordOutcomeService,
    RequestReview,
    RestoreBids,
    RevealPersonalData,
    ShadowDecisions,
    SettleBidService,
    SimulationDrift,
    StoredRequests,
    SubmitBidService,
    UnbidCount,
    UndecidedAuctions,
  ],
  exports: [OpenAuctionService, PROGRAMME_TERMS, RecordOutcomeService, StoredRequests],
})
export class AuctionModule {}
