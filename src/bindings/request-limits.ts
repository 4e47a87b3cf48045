import { Decimal } from '../kernel';
import type { CompiledPolicy, PolicyDocument } from '../policy';
import type { Bounds, RequestLimits } from '../intake';

type Comparison = Extract<PolicyDocument['rules'][number]['require'], { readonly op: unknown }>;
type Limits = PolicyDocument['limits'];

/**
 * The coarsest limits of a policy: every request that it might bid on is within them. A rule counts only when it alone
 * declines, on any day; a table can only narrow and so never counts; a limit that fitting can bring a request under
 * (a smaller amount, another term) is none.
 */
export function requestLimits({ policy }: CompiledPolicy): RequestLimits {
  const { limits, late_bidding: late, fitting } = policy;
  const windows: Limits[] = late.enabled ? [limits, late.limits] : [limits];
  const decline = fitting.strategies.indexOf('decline');
  const strategies = new Set(decline === -1 ? fitting.strategies : fitting.strategies.slice(0, decline));
  const reducesAmount = strategies.has('keep_installment') || strategies.has('max_amount');
  const changesTerm = strategies.has('keep_amount') || strategies.has('max_amount');
  const requirements = policy.rules.flatMap(alwaysRequired);
  const months = boundsOf(requirements, 'tenure_months').min;
  return {
    amount: {
      // Nobody is offered more than was asked for.
      min: Decimal.min(...windows.map(({ amount }) => amount.minimum)),
      max: reducesAmount ? undefined : Decimal.max(...windows.map(({ amount }) => amount.maximum)),
    },
    installments: changesTerm
      ? { min: undefined, max: undefined }
      : {
          min: Math.min(...windows.map(({ installments }) => installments.minimum)),
          max: Math.max(...windows.map(({ installments }) => installments.maximum)),
        },
    minimumMargin: Decimal.min(...windows.map(({ minimum_margin }) => minimum_margin)),
    minimumDaysEmployed: months === undefined ? undefined : fewestDaysIn(months),
    age: boundsOf(requirements, 'borrower_age'),
  };
}

/** The comparisons without which no request passes. */
function alwaysRequired(rule: PolicyDocument['rules'][number]): readonly Comparison[] {
  const { require, severity, on_missing, effective } = rule;
  if (severity === 'flag' || on_missing === 'pass' || effective !== undefined) return [];
  if ('all' in require) return require.all;
  return 'op' in require ? [require] : [];
}

/** What the comparisons leave of a whole-numbered field. */
function boundsOf(requirements: readonly Comparison[], field: Comparison['field']): Bounds<number> {
  const ranges = requirements.filter((each) => each.field === field).map(rangeOf);
  const [mins, maxs] = [ranges.map(({ min }) => min), ranges.map(({ max }) => max)];
  const [least, most] = [mins.filter((min) => min !== undefined), maxs.filter((max) => max !== undefined)];
  return {
    min: least.length === 0 ? undefined : Math.max(...least),
    max: most.length === 0 ? undefined : Math.min(...most),
  };
}

function rangeOf({ op, value }: Comparison): Bounds<number> {
  if (typeof value === 'object' && ('from' in value || 'below' in value)) {
    const below = wholeNumber(value.below);
    return { min: wholeNumber(value.from), max: below === undefined ? undefined : below - 1 };
  }
  const whole = wholeNumber(value);
  if (whole === undefined) return { min: undefined, max: undefined };
  switch (op) {
    case 'gte':
      return { min: whole, max: undefined };
    case 'gt':
      return { min: whole + 1, max: undefined };
    case 'lte':
      return { min: undefined, max: whole };
    case 'lt':
      return { min: undefined, max: whole - 1 };
    case 'eq':
      return { min: whole, max: whole };
    default:
      return { min: undefined, max: undefined };
  }
}

function wholeNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** No span of so many calendar months has fewer days: three short of the average, for February and its neighbours. */
function fewestDaysIn(months: number): number {
  return Math.max(0, Math.floor((months * 365) / 12) - 3);
}
