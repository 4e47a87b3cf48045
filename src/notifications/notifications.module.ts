import { Module } from '@nestjs/common';
import { NameResolver, SETTINGS, type Settings } from '../platform';
import { AlertOutbox } from './alert-outbox.service';
import { ChannelSender } from './channel-sender.service';
import { Deliveries } from './deliveries.service';
import { DeliveryLog } from './delivery-log.service';
import { EndpointsController } from './endpoints.controller';
import { Endpoints } from './endpoints.service';
import { MailServerController } from './mail-server.controller';
import { MailServers } from './mail-server.service';
import { Outbox } from './outbox.service';
import { OutboxPruning } from './outbox-pruning.service';
import { WebhookSender } from './webhook-sender';

/** Tells others what happened. What happened is written by triggers of the database: nobody here is called for it. */
@Module({
  controllers: [EndpointsController, MailServerController],
  providers: [
    {
      provide: WebhookSender,
      inject: [SETTINGS, NameResolver],
      useFactory: ({ engine, ARREMATE_NOTIFY_LOOPBACK }: Settings, names: NameResolver) =>
        new WebhookSender(
          {
            timeoutMs: engine.notifications.timeout_ms,
            maxAnswerBytes: engine.notifications.max_answer_bytes,
            allowLoopback: ARREMATE_NOTIFY_LOOPBACK,
          },
          names,
        ),
    },
    AlertOutbox,
    ChannelSender,
    Deliveries,
    DeliveryLog,
    Endpoints,
    MailServers,
    Outbox,
    OutboxPruning,
  ],
  exports: [AlertOutbox, Outbox],
})
export class NotificationsModule {}
