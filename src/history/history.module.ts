import { Module } from '@nestjs/common';
import { AccessModule } from '../access';
import { AuctionModule } from '../auction';
import { NotificationsModule } from '../notifications';
import { PolicyModule } from '../policy';
import { PricingModule } from '../pricing';
import { WinningModule } from '../winning';
import { AuctionCounts } from './auction-counts.service';
import { AuctionSearch } from './auction-search.service';
import { BorrowerLookups } from './borrower-lookups.service';
import { Charts } from './charts/charts.service';
import { EmployerNames } from './explore/employer-names.service';
import { ExploreController } from './explore/explore.controller';
import { Pivots } from './explore/pivot.service';
import { Exports } from './exports/exports.service';
import { ExportsController } from './exports/exports.controller';
import { BidMargins } from './facts/bid-margins.service';
import { FactKeeper } from './facts/fact-keeper.service';
import { HistoryController } from './history.controller';
import { LiveFeed } from './live-feed.service';
import { LoanOutcomesController } from './outcomes/loan-outcomes.controller';
import { LoanOutcomes } from './outcomes/loan-outcomes.service';
import { Lookup } from './lookup.service';
import { LostAuction } from './lost-auction.service';
import { Overview } from './overview.service';
import { EmployerRepayment } from './rates/employer-repayment.service';
import { FairnessReport } from './rates/fairness-report.service';
import { RatesController } from './rates/rates.controller';
import { WinCurves } from './rates/win-curves.service';
import { AuctionMargins } from './results/auction-margin.service';
import { FundingLeft } from './results/funding-left.service';
import { RateShifts } from './results/rate-shifts.service';
import { ResultsController } from './results/results.controller';
import { Results } from './results/results.service';
import { SystemController } from './system.controller';
import { SystemReport } from './system-report.service';
import { Timeline } from './timeline.service';
import { DashboardsController } from './views/dashboards.controller';
import { Dashboards } from './views/dashboards.service';
import { FiguresFiles } from './views/figures-file';
import { SavedViewsController } from './views/saved-views.controller';
import { SchedulesController } from './views/schedules.controller';
import { Schedules } from './views/schedules.service';

/** The read side: what analysts, operators and the engineer on call look at. Changes nothing but its own tables. */
@Module({
  imports: [AccessModule, AuctionModule, NotificationsModule, PolicyModule, PricingModule, WinningModule],
  controllers: [
    DashboardsController,
    ExploreController,
    ExportsController,
    HistoryController,
    LoanOutcomesController,
    RatesController,
    ResultsController,
    SavedViewsController,
    SchedulesController,
    SystemController,
  ],
  providers: [
    AuctionCounts,
    AuctionMargins,
    AuctionSearch,
    BidMargins,
    BorrowerLookups,
    Charts,
    Dashboards,
    EmployerNames,
    EmployerRepayment,
    Exports,
    FactKeeper,
    FairnessReport,
    FiguresFiles,
    FundingLeft,
    LiveFeed,
    LoanOutcomes,
    Lookup,
    LostAuction,
    Overview,
    Pivots,
    RateShifts,
    Results,
    Schedules,
    SystemReport,
    Timeline,
    WinCurves,
  ],
})
export class HistoryModule {}
