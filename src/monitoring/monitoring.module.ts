import { Module } from '@nestjs/common';
import { HeartbeatController } from './heartbeat.controller';
import { MonitoringWatch } from './monitoring-watch.service';

/** Whether somebody watches the engine, and what becomes of bidding when nobody does. */
@Module({
  controllers: [HeartbeatController],
  providers: [MonitoringWatch],
})
export class MonitoringModule {}
