import { Module } from '@nestjs/common';
import { ActivePolicy } from './active-policy.service';
import { BacktestCoverages } from './backtest-coverage.service';
import { DraftImports } from './draft-imports.service';
import { ListImports } from './list-imports.service';
import { PeopleOnLists } from './people-on-lists.service';
import { PoliciesController } from './policies.controller';
import { PolicyListsController } from './policy-lists.controller';
import { PolicySheetsController } from './policy-sheets.controller';
import { PoliciesReader } from './policies-reader.service';
import { PolicyApprovalController } from './policy-approval.controller';
import { PolicyApproval } from './policy-approval.service';
import { PolicyReviewController } from './policy-review.controller';
import { PolicyReviews } from './policy-reviews.service';
import { PolicyDrafts } from './policy-drafts.service';
import { PolicyExaminer } from './policy-examination.service';
import { PolicyLibrary } from './policy-library.service';
import { PolicyLists } from './policy-lists.service';
import { RuleSearch } from './rule-search.service';
import { ScheduledActivations } from './scheduled-activations.service';
import { SheetThreads } from './sheets/sheet-threads';
import { ShadowComparisons } from './shadow-comparison.service';

@Module({
  controllers: [
    PolicyListsController,
    PoliciesController,
    PolicyApprovalController,
    PolicyReviewController,
    PolicySheetsController,
  ],
  providers: [
    ActivePolicy,
    BacktestCoverages,
    DraftImports,
    ListImports,
    PeopleOnLists,
    PoliciesReader,
    PolicyApproval,
    PolicyDrafts,
    PolicyExaminer,
    PolicyLibrary,
    PolicyLists,
    PolicyReviews,
    RuleSearch,
    ScheduledActivations,
    ShadowComparisons,
    SheetThreads,
  ],
  exports: [ActivePolicy, BacktestCoverages, PeopleOnLists, PoliciesReader, PolicyLibrary, SheetThreads],
})
export class PolicyModule {}
