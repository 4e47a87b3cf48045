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
  return funding === null || !isLearned(trace) ? caps : { ...caps, per_day: lower(funding, caps.per_day) };
}

/** What learned rates may put at risk in a day; undefined: no limit. */
export function learnedFunds({
  policy: { exposure },
  learning,
}: Pick<CompiledPolicy, 'policy' | 'learning'>): Decimal | undefined {
  const perDay = exposure.per_day === null ? undefined : new Decimal(exposure.per_day);
  const funding = learning?.mandate.daily_funding ?? null;
  return funding === null ? perDay : lower(funding, perDay);
}

function lower(funding: string, perDay: Decimal | undefined): Decimal {
  const own = new Decimal(funding);
  return perDay === undefined ? own : Decimal.min(own, perDay);
}

/** The same without its version: from it the table is bid. */
export function withoutFunding({ draw, version: { hash } }: RateModel): RateModel {
  return { draw, version: { kind: 'fallback', reason: 'FUNDING_SPENT', hash } };
}

function isLearned({ rate_model: model }: DecisionTrace): boolean {
  return model?.fallback === null && (model.lane === 'canary' || model.lane === 'learned');
}
