import { Decimal } from '../../kernel';
import type { Caps } from '../../exposure/domain';
import type { CompiledPolicy } from '../../policy/domain';
import type { DecisionTrace } from './decide';
import type { RateModel } from './rate-model';

/** The limits of a policy's sections `exposure` and `pacing`. */
export function capsOf({ policy: { exposure, pacing } }: CompiledPolicy): Caps {
  const cap = (value: string | number | null): Decimal | undefined =>
    value === null ? undefined : new Decimal(value);
  return {
    per_borrower: cap(exposure.per_borrower),
    per_employer: cap(exposure.per_employer),
    per_day: cap(exposure.per_day),
    total: cap(exposure.total),
    bids_per_minute: cap(pacing.bids_per_minute),
    bids_per_hour: cap(pacing.bids_per_hour),
    bids_per_day: cap(pacing.bids_per_day),
  };
}

/** The caps that one bid is held against: at a learned rate the day's may not come over the funding of the mandate either. */
export function capsOfBid(caps: Caps, { learning }: CompiledPolicy, trace: DecisionTrace): Caps {
  const funding = learning?.mandate.daily_funding ?? null;
  if (funding === null || !isLearned(trace)) return caps;
  const own = new Decimal(funding);
  return { ...caps, per_day: caps.per_day === undefined ? own : Decimal.min(own, caps.per_day) };
}

/** The same without its version: from it the table is bid. */
export function withoutFunding({ draw, version: { hash } }: RateModel): RateModel {
  return { draw, version: { kind: 'fallback', reason: 'FUNDING_SPENT', hash } };
}

function isLearned({ rate_model: model }: DecisionTrace): boolean {
  return model?.fallback === null && (model.lane === 'canary' || model.lane === 'learned');
}
