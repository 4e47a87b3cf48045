import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { CurrentActor, instant, Needs, ProblemException, type Actor } from '../platform';
import { ConformanceRuns, type ConformanceRun, type RunRefusal } from './conformance-runs.service';
import { QUESTIONS, type Question } from './domain';

const run = z.object({
  id: z.uuid(),
  requested_by: z.string(),
  started_at: instant,
  ended_at: instant.nullable(),
  base_url: z.string(),
  writes: z.boolean().describe('whether a fictitious auction was opened at QI'),
  state: z.enum(['running', 'done', 'stopped', 'abandoned']),
  stopped_because: z.string().nullable(),
  findings: z.array(
    z.object({
      question: z.enum(Object.keys(QUESTIONS) as [Question, ...Question[]]),
      answer: z.string(),
      evidence: z.array(z.string()).describe('what was seen'),
      settings: z.record(z.string(), z.string()).describe('of the environment, that follow from it'),
      advice: z.string().nullable().describe('what a person must do because no setting does it'),
    }),
  ),
});

class ConformanceRunDto extends createZodDto(run) {}
class LatestConformanceDto extends createZodDto(z.object({ run: run.nullable() })) {}
class ConformanceRequestDto extends createZodDto(
  z.object({
    writes: z.boolean().describe('may open a fictitious auction at QI and bid for it; else only signatures'),
  }),
) {}

/** What QI's public texts leave open, asked of QI itself by the running service. */
@ApiTags('conformance')
@Controller('conformance-runs')
export class ConformanceController {
  constructor(private readonly runs: ConformanceRuns) {}

  @Get('latest')
  @Needs('health.read')
  @ApiOperation({ summary: 'The latest run, with what it has found so far' })
  @ZodResponse({ status: 200, type: LatestConformanceDto })
  async latest() {
    const latest = await this.runs.latest();
    return { run: latest === undefined ? null : view(latest) };
  }

  @Post()
  @Needs('conformance.run')
  @HttpCode(202)
  @ApiOperation({ summary: 'Begin a run; it goes on by itself for some minutes at most' })
  @ApiConflictResponse({ description: 'Another one is under way, or bids would be sent meanwhile' })
  @ZodResponse({ status: 202, type: ConformanceRunDto })
  async begin(@Body() { writes }: ConformanceRequestDto, @CurrentActor() actor: Actor) {
    const begun = await this.runs.begin(writes, actor);
    if (typeof begun === 'string') throw new ProblemException(409, REFUSALS[begun]);
    return view(begun);
  }
}

const REFUSALS: Readonly<Record<RunRefusal, { readonly type: string; readonly title: string }>> = {
  running: { type: 'conformance_running', title: 'Uma conferência já está em andamento' },
  bids_allowed: {
    type: 'bids_allowed',
    title: 'O leilão fictício só pode ser aberto em ensaio ou com os lances parados',
  },
};

function view(found: ConformanceRun) {
  return {
    ...found,
    started_at: found.started_at.toISOString(),
    ended_at: found.ended_at?.toISOString() ?? null,
    findings: found.findings.map(({ question, answer, evidence, settings, advice }) => ({
      question,
      answer,
      evidence: [...evidence],
      settings: settings ?? {},
      advice: advice ?? null,
    })),
  };
}
