import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';
import { instant } from '../platform';
import { RATE_MODEL_FALLBACKS, RATE_MODEL_STAGES } from '../decision/domain';
import { DOUBTS, MOST_MISCALIBRATION, NIGHT_REFUSALS, PRICED_PER, RETURN_CODES, WAIT_CODES } from './domain';

const day = z.iso.date();
const bp = z.number().describe('basis points a month, whole but in what an earlier release let in');
const share = z.number().describe('from 0 to 1');

export const VERSION_STATES = ['waiting', 'in_force', 'retired'] as const;
const RUN_STATES = ['ordered', 'running', 'made', 'refused', 'failed'] as const;

const figures = z
  .object({
    bids: z.int().describe('that were won or lost'),
    first_day: z.string(),
    last_day: z.string(),
    calibration: z
      .array(z.object({ bids: z.int(), predicted: share, came: share }))
      .describe('fifths of the last bids by their predicted chance to win'),
    calibration_error: share.describe('mean distance over the fifths'),
    calibrated: z.int().describe('bids that it is of'),
    margin: z
      .object({ mean: z.number(), low: z.number(), high: z.number() })
      .nullable()
      .describe(
        'reais a request that learned rates brought more than the table of the control; may be looked at daily',
      ),
    margin_days: z.int(),
    drift_alarms: z.array(z.string()).describe('days on which wins were far from what was predicted'),
    mean_move_bp: z.number().describe('from the version before'),
    mean_distance_bp: z.number().describe('from the table of the policy'),
    largest_move_bp: z.number(),
    doubts: z
      .array(z.enum(DOUBTS))
      .describe(
        `uncalibrated: calibration_error is over ${String(MOST_MISCALIBRATION)}; drifted: an alarm in the last three days`,
      ),
    rails: z
      .object({ at_floor: share, at_ceiling: share, new_at_ceiling: share })
      .nullable()
      .describe('of the last requests, those that it would bid for at an end of their bounds'),
    exploration: z
      .object({
        days: z.int(),
        bids: z.int().describe('at learned rates'),
        tried: z.int().describe('of them beside the best rate known'),
        cost: z
          .string()
          .describe('reais that trying was expected to cost; below zero it was expected to bring some'),
        expected: z.string().describe('reais that all were expected to bring at the best rates known'),
        part: share.nullable().describe('of the expected margin; null: nothing was expected'),
        budget: share.describe('the part that the mandate lets it cost'),
      })
      .nullable()
      .describe('what bids beside the best rate known cost, by the beliefs of each day, over the last days'),
  })
  .describe('what its night found');

const version = z.object({
  number: z.int(),
  hash: z.string(),
  state: z.enum(VERSION_STATES),
  stage: z.enum(RATE_MODEL_STAGES),
  stage_since: day,
  trained_through: day,
  policy: z.string().describe('hash of the policy it was made under'),
  parent: z.string().nullable(),
  made_at: instant,
  waits_for: z.array(z.enum(WAIT_CODES)).describe('why a person has to approve it'),
  approved_by: z.string().nullable(),
  approved_at: instant.nullable(),
  figures,
});

const line = z
  .object({
    returned: z
      .object({ at: instant, by: z.string(), code: z.enum(RETURN_CODES), reason: z.string() })
      .nullable()
      .describe('every rate is the table; null: learned rates are bid as their stage says'),
    resume_asked: z.object({ at: instant, by: z.string(), reason: z.string() }).nullable(),
    resumed_on: day.nullable(),
  })
  .describe('whether learned rates are bid at all');

export class RateModelList extends createZodDto(
  z.object({
    learning: z
      .object({
        policy: z.string(),
        policy_hash: z.string(),
        mandate: z.record(z.string(), z.unknown()).describe('the section learning of the active policy'),
      })
      .nullable()
      .describe('null: the active policy lets nothing be learnt'),
    line,
    fallback: z
      .enum(RATE_MODEL_FALLBACKS)
      .nullable()
      .describe('why every bid of now is the table; null: learned rates are bid as their stage says'),
    versions: z.array(version).describe('the last 60, newest first'),
    runs: z
      .array(
        z.object({
          day,
          policy: z.string(),
          state: z.enum(RUN_STATES),
          reason: z.enum([...NIGHT_REFUSALS, 'FAILED']).nullable(),
          version: z.string().nullable(),
          ordered_by: z.string().nullable(),
          ordered_at: instant,
          finished_at: instant.nullable(),
        }),
      )
      .describe('the last 30 nights'),
    observations: z.object({
      days: z.int().describe('counted back from today, in the cells of the active policy'),
      total: z.int(),
      pending: z.int(),
      refused: z
        .array(z.object({ why: z.string(), count: z.int() }))
        .describe('ends that nothing is learnt from'),
    }),
  }),
) {}
export type RateModelListView = z.output<(typeof RateModelList)['schema']>;

const cell = z.object({
  cell: z.int(),
  bands: z.array(z.string()).describe('in Portuguese, one of each axis'),
  price_row: z.string().nullable(),
  reference_bp: bp.nullable().describe('the rate of the policy'),
  floor_bp: bp,
  ceiling_bp: bp,
  rates: z.array(
    z.object({
      amount_from: z.int().nullable().describe('reais; null: the lowest step'),
      rate_bp: bp.nullable().describe('null: no rate is worth bidding'),
      before_bp: bp.nullable().describe('in the version before'),
    }),
  ),
  step_bp: z.int().describe('between the rates that are tried'),
  propensities: z.array(z.int()).describe('of the five rates that are tried, lowest first; ten thousandths'),
  win: share.nullable().describe('expected at its rate'),
  margin: z.string().nullable().describe('reais expected of a request of its usual amount'),
});

export class RateModelDetail extends createZodDto(
  version.extend({
    axes: z
      .array(z.object({ field: z.string(), bands: z.array(z.string()) }))
      .describe('empty: its policy cannot be read any more'),
    cells: z.array(cell),
    prices: z.array(z.string()).describe('of money, reais of margin for each real; cells show the first'),
    priced_per: z
      .enum(PRICED_PER)
      .describe('of which reais: those won, or those lent in versions of earlier releases'),
    card: z
      .record(z.string(), z.string())
      .describe('what it is for, what it was made of, what it must not be asked'),
    verified: z.boolean().describe('whether its bytes are what its hash says'),
  }),
) {}
export type RateModelDetailView = z.output<(typeof RateModelDetail)['schema']>;

export class HashParam extends createZodDto(z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) })) {}
const rateReason = z.strictObject({ reason: z.string().trim().min(1, 'o motivo está vazio').max(1000) });
export class RateReason extends createZodDto(rateReason) {}
export class ResumeAsked extends createZodDto(
  rateReason.extend({
    returned_at: instant
      .optional()
      .describe('`line.returned.at` as it was shown: for another reason since nothing is asked'),
  }),
) {}
const shown = {
  asked_at: instant
    .optional()
    .describe('`line.resume_asked.at` as it was shown: a request made since is not decided'),
};
export class ResumeShown extends createZodDto(z.object(shown).prefault({})) {}
export class ResumeRefusal extends createZodDto(rateReason.extend(shown)) {}
