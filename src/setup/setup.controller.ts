import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { Needs } from '../platform';
import { SETUP_GAPS, SETUP_STEPS, setupSteps } from './domain';
import { SetupFactsSource } from './setup-facts.service';

class SetupDto extends createZodDto(
  z.object({
    is_live: z.boolean().describe('a bid of ours has gone to QI: the first day is over'),
    steps: z.array(
      z.object({
        name: z.enum(SETUP_STEPS),
        done: z.boolean(),
        gaps: z.array(z.enum(SETUP_GAPS)).describe('what is missing of it'),
        about: z.array(z.string()).describe('the limits or settings that the gaps are about'),
      }),
    ),
  }),
) {}

/** The way from an empty installation to the first bid. */
@ApiTags('setup')
@Controller('setup')
export class SetupController {
  constructor(private readonly facts: SetupFactsSource) {}

  @Get()
  @Needs('health.read')
  @ApiOperation({ summary: 'What there is to do before the first bid, and what is done' })
  @ZodResponse({ status: 200, type: SetupDto })
  async read() {
    const facts = await this.facts.read();
    return {
      is_live: facts.isLive,
      steps: setupSteps(facts).map(({ name, gaps, about }) => ({
        name,
        done: gaps.length === 0,
        gaps: [...gaps],
        about: [...about],
      })),
    };
  }
}
