import { Module } from '@nestjs/common';
import { PolicyModule } from '../policy';
import { AuctionSearch } from './auction-search.service';
import { Charts } from './charts.service';
import { HistoryController } from './history.controller';
import { LiveFeed } from './live-feed.service';
import { Overview } from './overview.service';
import { SystemController } from './system.controller';
import { SystemReport } from './system-report.service';
import { Timeline } from './timeline.service';

/** The read side: what analysts, operators and the engineer on call look at. Changes nothing but its own tables. */
@Module({
  imports: [PolicyModule],
  controllers: [HistoryController, SystemController],
  providers: [AuctionSearch, Charts, LiveFeed, Overview, SystemReport, Timeline],
})
export class HistoryModule {}
