import { Module } from '@nestjs/common';
import { InboxService } from './inbox.service';
import { WaitingWatch } from './waiting-watch.service';
import { WebhookDispatcher } from './webhook-dispatcher.service';
import { WebhookEventsController } from './webhook-events.controller';
import { WebhookStore } from './webhook-store.service';

/** Needs WEBHOOK_GATE and WEBHOOK_ROUTER, bound by the composition root. */
@Module({
  controllers: [WebhookEventsController],
  providers: [InboxService, WaitingWatch, WebhookDispatcher, WebhookStore],
})
export class InboxModule {}
