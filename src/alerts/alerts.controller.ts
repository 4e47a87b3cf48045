import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { CurrentActor, Needs, type Actor } from '../platform';
import { AlertList } from './alerts.dto';
import { Alerts } from './alerts.service';

@ApiTags('health')
@ApiBearerAuth()
@Controller('alerts')
export class AlertsController {
  constructor(private readonly alerts: Alerts) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({ summary: 'What people are told of now and lately, each with what to do' })
  @ZodResponse({ status: 200, type: AlertList })
  list() {
    return this.alerts.list();
  }

  @Post(':id/acknowledge')
  @Needs('alerts.acknowledge')
  @HttpCode(204)
  @ApiOperation({ summary: 'Have it in hand: nobody is reminded of it any more' })
  acknowledge(@Param('id', ParseUUIDPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.alerts.acknowledge(id, actor);
  }
}
