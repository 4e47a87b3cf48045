import { Controller, Get, Header, Inject, Req, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { HouseClock } from '../process/clock';
import { Draining } from '../process/draining';
import { ManagementDoor } from './management-door.service';
import { METRICS } from '../telemetry/metrics';
import { ProblemException } from './problem';
import { Public } from '../public';
import { ReadyDetails } from './ready-details';
import { Sightings } from '../telemetry/sightings';

/** For the orchestrator and for Prometheus. No secrets and no people in any of it. */
@ApiExcludeController()
@Public()
@Controller({ version: VERSION_NEUTRAL })
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(METRICS) private readonly metrics: Registry,
    private readonly clock: HouseClock,
    private readonly details: ReadyDetails,
    private readonly door: ManagementDoor,
    private readonly sightings: Sightings,
    private readonly draining: Draining,
  ) {}

  @Get('health/live')
  live(): { status: string } {
    return { status: 'live' };
  }

  /** Ready: the database answers, and the process is not about to end. Operators also hear how far our clock is from the database's: limits depend on it. */
  @Get('health/ready')
  async ready(@Req() request: FastifyRequest): Promise<{ status: string; [detail: string]: unknown }> {
    if (this.draining.hasBegun)
      throw new ProblemException(503, { type: 'not_ready', title: 'The process is stopping' });
    try {
      const [row] = await this.dataSource.query<{ now: Date }[]>(`SELECT clock_timestamp() AS now`);
      if (!this.door.sees(request)) return { status: 'ready' };
      const offset = row === undefined ? 0 : this.clock.reading().wallMs - row.now.getTime();
      return { status: 'ready', clock_offset_ms: offset, ...this.details.read() };
    } catch {
      throw new ProblemException(503, { type: 'not_ready', title: 'The database does not answer' });
    }
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  prometheus(): Promise<string> {
    this.sightings.note('scrape');
    return this.metrics.metrics();
  }
}
