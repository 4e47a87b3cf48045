import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { Needs } from '../../platform';
import { winCurveQuery, winCurveView } from './win-curve.dto';
import { WinCurves } from './win-curves.service';

class WinCurveQuery extends createZodDto(winCurveQuery) {}
class WinCurveDto extends createZodDto(winCurveView) {}

@ApiTags('history')
@Needs('auctions.read')
@Controller('history')
export class RatesController {
  constructor(private readonly curves: WinCurves) {}

  @Get('win-curve')
  @ApiOperation({
    summary: 'How often each rate wins, by segment, where we stand, and what came of what was won',
    description: 'The request does not tell the size of an employer: there is no segment of it.',
  })
  @ZodResponse({ status: 200, type: WinCurveDto })
  curve(@Query() query: WinCurveQuery) {
    return this.curves.of(query);
  }
}
