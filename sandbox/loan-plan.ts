import { z } from 'zod';
import type { Behaviour } from './behaviour';
import { FAULTS } from './faults';
import type { Random } from './random';

/** Reservation failures after which QI goes on trying (manual 001); every other one cancels the operation. */
export const RETRIED_FAILURES: ReadonlySet<string> = new Set([
  'monthly_interest_rate_exceeds_active_proposal',
  'margin_exceeded',
]);

const script = z.array(z.enum(FAULTS)).optional();

/** The fate of one loan after it is won. */
export const loanPlanSchema = z.strictObject({
  /** `signed`, `never`, or the enumerator of a signature failure. */
  signature: z.string().default('signed'),
  /** What the signed webhook says of the signer; what is not given looks perfect. */
  evidence: z
    .strictObject({
      face_validation_score: z.int().default(92),
      face_validation_available: z.boolean().default(true),
      face_match_score: z.int().default(98),
      liveness: z.string().default('live'),
      fraud_base_flag: z.boolean().default(false),
      /** Of somebody else than the borrower, if given. */
      signer_document_number: z.string().optional(),
    })
    .prefault({}),
  /** One after the other, from the authorisation on: `reserved`, `never`, or the enumerator of a failure. */
  reservation: z.array(z.string()).default(['reserved']),
  /** One for each attempt to pay: `disbursed`, `ted_refusal`, `pix_refusal` or `never`. */
  disbursement: z.array(z.string()).default(['disbursed']),
  /** How long each step takes; otherwise the sandbox's own pace. */
  step_seconds: z.number().min(0).optional(),
  /** Nothing happens by itself: the test sends each webhook. */
  manual: z.boolean().default(false),
  /** Faults of the partner's commands for this loan, used up one per call. */
  faults: z
    .strictObject({
      authorize: script,
      change_disbursement_date: script,
      cancel_permanently: script,
      reservation_query: script,
    })
    .prefault({}),
});

export type LoanPlan = z.infer<typeof loanPlanSchema>;

/** What becomes of an offer that has won. */
export type LoanFate = 'paid' | 'unpaid' | 'declined';

const WAYS: Readonly<Record<LoanFate, readonly (keyof Behaviour['loans'])[]>> = {
  paid: ['disbursed', 'reservation_retried', 'ted_refused', 'pix_refused'],
  unpaid: ['reservation_refused'],
  declined: ['never_signed', 'signature_failed'],
};

/** How a fate comes about, by the configured weights; where these leave it no way, any of theirs. */
export function drawLoanPlan(random: Random, weights: Behaviour['loans'], fate: LoanFate): LoanPlan {
  const ways = WAYS[fate].filter((way) => weights[way] > 0);
  const possible = ways.length === 0 ? weights : Object.fromEntries(ways.map((way) => [way, weights[way]]));
  switch (random.weighted(possible as Behaviour['loans'])) {
    case 'disbursed':
      return loanPlanSchema.parse({ evidence: drawEvidence(random) });
    case 'signature_failed':
      return loanPlanSchema.parse({ signature: 'face_validation_score' });
    case 'never_signed':
      return loanPlanSchema.parse({ signature: 'never' });
    case 'reservation_retried':
      return loanPlanSchema.parse({ reservation: [random.pick([...retried]), 'reserved'] });
    case 'reservation_refused':
      return loanPlanSchema.parse({
        reservation: [
          random.pick(['allowed_number_of_contracts_exceeded', 'employment_relationship_blocked']),
        ],
      });
    case 'ted_refused':
      return loanPlanSchema.parse({ disbursement: ['ted_refusal', 'disbursed'] });
    case 'pix_refused':
      return loanPlanSchema.parse({ disbursement: ['pix_refusal', 'disbursed'] });
  }
}

const retried = ['margin_exceeded', 'monthly_interest_rate_exceeds_active_proposal'] as const;

/** Mostly clear evidence; now and then a score that a person should look at. */
function drawEvidence(random: Random): LoanPlan['evidence'] {
  const doubtful = random.chance(0.08);
  return loanPlanSchema.shape.evidence.parse({
    face_validation_score: doubtful ? random.integer(40, 69) : random.integer(80, 100),
    face_match_score: random.integer(85, 100),
  });
}
