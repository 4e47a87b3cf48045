import { Module } from '@nestjs/common';
import { AccessModule } from '../access';
import { NotificationsModule } from '../notifications';
import { PolicyModule } from '../policy';
import { TroublesModule } from '../troubles';
import { WinningModule } from '../winning';
import { AlertWatch } from './alert-watch.service';
import { AlertsController } from './alerts.controller';
import { Alerts } from './alerts.service';
import { WaitingAlerts } from './waiting-alerts.service';

/** People are told of what is wrong and of what waits for them, by the channels they chose. */
@Module({
  imports: [AccessModule, NotificationsModule, PolicyModule, TroublesModule, WinningModule],
  controllers: [AlertsController],
  providers: [AlertWatch, Alerts, WaitingAlerts],
})
export class AlertsModule {}
