import { Controller, HttpCode, Post, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public, Sightings } from '../platform';

/** Where monitoring says that it lives: an alert that is always on, sent here. Who may is said by the management door. */
@ApiExcludeController()
@Public()
@Controller({ version: VERSION_NEUTRAL })
export class HeartbeatController {
  constructor(private readonly sightings: Sightings) {}

  @Post('heartbeat')
  @HttpCode(204)
  beat(): void {
    this.sightings.note('heartbeat');
  }
}
