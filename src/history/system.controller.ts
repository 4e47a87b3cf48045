import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { ZodResponse } from 'nestjs-zod';
import { Needs } from '../platform';
import { SystemDto, SystemReport } from './system-report.service';

@ApiTags('health')
@Controller('system')
export class SystemController {
  constructor(private readonly report: SystemReport) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({
    summary: 'Instances, events, missed deadlines, latency, drift and settings; secrets are masked',
  })
  @ZodResponse({ status: 200, type: SystemDto })
  read() {
    return this.report.read();
  }
}
