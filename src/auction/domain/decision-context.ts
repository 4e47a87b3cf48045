import { hash } from 'node:crypto';
import { z } from 'zod';
import { canonicalText, Decimal } from '../../kernel';
import {
  RATE_MODEL_FALLBACKS,
  RATE_MODEL_STAGES,
  type Decision,
  type RateModel,
  type RateModelFallback,
  type RateModelStage,
  type StoppedBid,
} from '../../decision/domain';
import type { Reason } from '../../policy/domain';
import type { DecisionInputs } from './decide';
import type { FactsContext } from './derive-facts';

/**
 * What a decision depended on besides the stored request and the policy, and the bid that could not be made after all, which was
 * found while it was written. Nothing personal.
 */
export interface DecisionContext
  extends Pick<DecisionInputs, 'context' | 'window' | 'installmentBelow'>, StoppedBid {
  /** Undefined where rates are not learnt. */
  readonly rateModel: StoredRateModel | undefined;
}

/** Which learned rates a decision had at hand: the document itself is found by its hash. */
export interface StoredRateModel {
  readonly draw: number | undefined;
  readonly hash: string | undefined;
  readonly stage: RateModelStage | undefined;
  readonly priceStep: number;
  readonly fallback: RateModelFallback | undefined;
}

export function storedRateModel(model: RateModel | undefined): StoredRateModel | undefined {
  if (model === undefined) return undefined;
  const { draw, version } = model;
  return version.kind === 'fallback'
    ? { draw, hash: version.hash, stage: undefined, priceStep: 0, fallback: version.reason }
    : { draw, hash: version.hash, stage: version.stage, priceStep: version.priceStep, fallback: undefined };
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const amount = z
  .string()
  .transform((text) => new Decimal(text))
  .nullable();
const count = z.int().nullable();
const text = z.string().optional();

const stored = z.object({
  now: instant,
  deadline: instant.nullable(),
  window: z.enum(['on_time', 'late']),
  borrower_live_offers: count,
  employer_live_offers: count,
  lowest_live_rate: amount,
  borrower_exposure: amount,
  employer_exposure: amount,
  installment_below: amount.default(null),
  rate_model: z
    .object({
      draw: count,
      version: z.string().nullable(),
      stage: z.enum(RATE_MODEL_STAGES).nullable(),
      price_step: z.int(),
      fallback: z.enum(RATE_MODEL_FALLBACKS).nullable(),
    })
    .optional(),
  added_reasons: z
    .array(
      z
        .object({
          code: z.string(),
          message: z.string(),
          severity: z.enum(['decline', 'review', 'flag']),
          ruleId: text,
          observed: text,
          required: text,
        })
        .transform(({ ruleId, observed, required, ...reason }): Reason => ({
          ...reason,
          ruleId,
          observed,
          required,
        })),
    )
    .default([]),
  stopped_amount: amount.default(null),
});

/** How it lies on disk: the column `context` of a decision. */
export function decisionContextJson({
  context,
  window,
  installmentBelow,
  rateModel,
  added,
  stoppedAmount,
}: DecisionContext): z.input<typeof stored> {
  const { now, deadline, liveOffers, exposure } = context;
  return {
    now: now.toISOString(),
    deadline: deadline?.toISOString() ?? null,
    window,
    borrower_live_offers: liveOffers.borrower ?? null,
    employer_live_offers: liveOffers.employer ?? null,
    lowest_live_rate: liveOffers.lowestRate?.toFixed() ?? null,
    borrower_exposure: exposure.borrower?.toFixed() ?? null,
    employer_exposure: exposure.employer?.toFixed() ?? null,
    ...(installmentBelow && { installment_below: installmentBelow.toFixed() }),
    ...(rateModel && {
      rate_model: {
        draw: rateModel.draw ?? null,
        version: rateModel.hash ?? null,
        stage: rateModel.stage ?? null,
        price_step: rateModel.priceStep,
        fallback: rateModel.fallback ?? null,
      },
    }),
    added_reasons: added.map((reason) => ({ ...reason })),
    ...(stoppedAmount && { stopped_amount: stoppedAmount.toFixed() }),
  };
}

/** @param json the column `context` of a decision. @throws ZodError when it is not what `decisionContextJson` makes. */
export function readDecisionContext(json: unknown): DecisionContext {
  const row = stored.parse(json);
  const context: FactsContext = {
    now: row.now,
    deadline: row.deadline ?? undefined,
    liveOffers: {
      borrower: row.borrower_live_offers ?? undefined,
      employer: row.employer_live_offers ?? undefined,
      lowestRate: row.lowest_live_rate ?? undefined,
    },
    exposure: {
      borrower: row.borrower_exposure ?? undefined,
      employer: row.employer_exposure ?? undefined,
    },
  };
  return {
    context,
    window: row.window,
    installmentBelow: row.installment_below ?? undefined,
    rateModel: row.rate_model && {
      draw: row.rate_model.draw ?? undefined,
      hash: row.rate_model.version ?? undefined,
      stage: row.rate_model.stage ?? undefined,
      priceStep: row.rate_model.price_step,
      fallback: row.rate_model.fallback ?? undefined,
    },
    added: row.added_reasons,
    stoppedAmount: row.stopped_amount ?? undefined,
  };
}

/** SHA-256 of all that a decision came to, terms of the bid included: two that are alike have the same. */
export function decisionSha256(decision: Decision): string {
  return hash('sha256', canonicalText(decision));
}
