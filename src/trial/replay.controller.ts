import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiConflictResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { createZodDto, ZodResponse } from 'nestjs-zod';
import { z } from 'zod';
import { Needs, ProblemException, wholeNumber } from '../platform';
import type { Decision } from '../decision/domain';
import { ReplayService, WHY_NOT_REPLAYED } from './replay.service';

class ReplayQuery extends createZodDto(
  z.object({
    under: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional()
      .describe('hash of another version to decide under'),
    bid: wholeNumber(1, 100)
      .prefault(1)
      .describe('whose decision: 1 is that of the auction, others are of smaller bids after a refusal'),
  }),
) {}

const decided = z.object({
  outcome: z.enum(['bid', 'no_bid']),
  policy_version: z.string(),
  policy_hash: z.string(),
  reasons: z.array(z.string()),
  bid: z.record(z.string(), z.unknown()).nullable(),
});
class ReplayView extends createZodDto(
  z.object({
    identical: z.boolean().describe('byte for byte what was recorded'),
    other_data: z
      .boolean()
      .describe("decided with other taxes, holidays, payroll rules or programme data than today's"),
    recorded_sha256: z.string(),
    own: decided,
    other: decided
      .extend({
        difference: z.enum(['same', 'gained', 'lost', 'changed', 'other_reasons']),
        causes: z.array(z.string()).describe('rules or rows that did it'),
        reasons_added: z.array(z.string()),
        reasons_removed: z.array(z.string()),
        terms: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
      })
      .nullable(),
  }),
) {}

class PastCaseView extends createZodDto(
  z.object({
    on: z.iso.date(),
    window: z.enum(['on_time', 'late']),
    facts: z
      .record(z.string(), z.unknown())
      .describe('as a test case writes them; personal values are invented ones'),
    outcome: z.enum(['accept', 'review', 'decline']).describe('what was decided then'),
    reasons: z.array(z.string()),
  }),
) {}

@ApiTags('auctions')
@ApiBearerAuth()
@Controller('auctions')
export class ReplayController {
  constructor(private readonly replays: ReplayService) {}

  @Get(':issuer_proposal_request_key/replay')
  @Needs('auctions.explain')
  @ApiOperation({ summary: 'The decision made again from its stored inputs, and under another version' })
  @ApiConflictResponse({ description: 'There is nothing to make again' })
  @ZodResponse({ status: 200, type: ReplayView })
  async replay(@Param('issuer_proposal_request_key') key: string, @Query() { under, bid }: ReplayQuery) {
    const replay = await this.replays.replay(key, under, bid);
    if (replay.kind !== 'replayed') throw refusalOf(replay.kind);
    const { identical, hasOtherData, recordedSha256, own, other } = replay;
    return {
      identical,
      other_data: hasOtherData,
      recorded_sha256: recordedSha256,
      own: viewDecided(own),
      other: other
        ? {
            ...viewDecided(other.decision),
            difference: other.difference.kind,
            causes: [...other.difference.causes],
            reasons_added: [...other.difference.reasonsAdded],
            reasons_removed: [...other.difference.reasonsRemoved],
            terms: [...other.terms],
          }
        : null,
    };
  }

  @Get(':issuer_proposal_request_key/test_case')
  @Needs('policies.test')
  @ApiOperation({ summary: "What was known of it when it was decided, as a policy's test case" })
  @ApiConflictResponse({ description: 'It was not decided, or its inputs are gone' })
  @ZodResponse({ status: 200, type: PastCaseView })
  async testCase(@Param('issuer_proposal_request_key') key: string) {
    const past = await this.replays.caseOf(key);
    if (past.kind !== 'found') throw refusalOf(past.kind);
    const declined = past.reasons.some(({ severity }) => severity === 'decline');
    return {
      on: past.on,
      window: past.window,
      facts: { ...past.facts },
      outcome: past.outcome === 'bid' ? 'accept' : declined ? 'decline' : 'review',
      reasons: past.reasons.map(({ code }) => code),
    } as const;
  }
}

function refusalOf(kind: keyof typeof WHY_NOT_REPLAYED): ProblemException {
  const status = kind === 'not_found' ? 404 : 409;
  return new ProblemException(status, { type: kind, title: WHY_NOT_REPLAYED[kind] });
}

function viewDecided(decision: Decision) {
  return {
    outcome: decision.outcome,
    policy_version: decision.policy.version,
    policy_hash: decision.policy.hash,
    reasons: decision.reasons.map(({ code }) => code),
    bid: decision.outcome === 'bid' ? { ...decision.bid } : null,
  };
}
