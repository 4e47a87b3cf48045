import { Global, Module } from '@nestjs/common';
import { AuctionModule, OpenAuctionService, RecordOutcomeService } from '../auction';
import { WEBHOOK_ROUTER } from '../inbox';
import { OperationModule, OperationService } from '../operation';
import { BalanceNewsService, OriginationModule } from '../origination';
import { createWebhookRouter } from './webhook-routes';

/** What the inbox declares and others fill. */
@Global()
@Module({
  imports: [AuctionModule, OperationModule, OriginationModule],
  providers: [
    {
      provide: WEBHOOK_ROUTER,
      inject: [OpenAuctionService, RecordOutcomeService, OperationService, BalanceNewsService],
      useFactory: createWebhookRouter,
    },
  ],
  exports: [WEBHOOK_ROUTER],
})
export class InboxBindings {}
