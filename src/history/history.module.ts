import { Module } from '@nestjs/common';
import { PolicyModule } from '../policy';
import { AuctionSearch } from './auction-search.service';
import { Charts } from './charts.service';
import { Exports } from './exports.service';
import { ExportsController } from './exports.controller';
import { HistoryController } from './history.controller';
import { LiveFeed } from './live-feed.service';
import { LostAuction } from './lost-auction.service';
import { Overview } from './overview.service';
import { SavedViewsController } from './saved-views.controller';
import { SystemController } from './system.controller';
import { SystemReport } from './system-report.service';
import { Timeline } from './timeline.service';

/** The read side: what analysts, operators and the engineer on call look at. Changes nothing but its own tables. */
@Module({
  imports: [PolicyModule],
  controllers: [ExportsController, HistoryController, SavedViewsController, SystemController],
  providers: [AuctionSearch, Charts, Exports, LiveFeed, LostAuction, Overview, SystemReport, Timeline],
})
export class HistoryModule {}
