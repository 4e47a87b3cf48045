import { calendarDateAt, Decimal, type CalendarDate } from '../../kernel';

/**
 * What a policy may limit: reais at risk with one borrower, with one employer, from one day's bids and in all, and
 * bids made in one minute, hour or day. The order is that in which their counters are locked: what few auctions share
 * first, what all share last, so that the last is held for the shortest time and no two wait for each other.
 */
export const LIMIT_NAMES = [
  'per_borrower',
  'per_employer',
  'bids_per_minute',
  'bids_per_hour',
  'bids_per_day',
  'per_day',
  'total',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];

/** Reais or bids; undefined is no limit. */
export type Caps = Readonly<Record<LimitName, Decimal | undefined>>;

/** Whose counters an offer counts in. Blind indexes; undefined is not known. */
export interface Parties {
  readonly borrower: Buffer | undefined;
  readonly employer: Buffer | undefined;
}

/** One counter that an offer counts in. */
export interface LimitUse {
  readonly name: LimitName;
  /** Undefined: it is not known whose counter it is. */
  readonly key: string | undefined;
  /** Reais or bids; negative gives back. */
  readonly amount: Decimal;
  readonly cap: Decimal | undefined;
}

/** An offer that a new one takes the place of. */
export interface Replaced {
  readonly amount: Decimal;
  readonly countedOn: CalendarDate;
}

/** A limit that an offer would have gone beyond. */
export interface ReachedLimit {
  readonly name: LimitName;
  readonly cap: Decimal;
  /** What would have been used with the offer; undefined when it is not known whose limit it is. */
  readonly wouldBe: Decimal | undefined;
}

const ONE_BID = new Decimal(1);

/**
 * Every counter that an offer decided at `at` counts in, in the order of locks. Days are São Paulo's. Minutes and
 * hours are those of the clock, not the last sixty: a counter then has one row, and one lock, for each.
 */
export function usesOf(amount: Decimal, parties: Parties, at: Date, caps: Caps): readonly LimitUse[] {
  const day = calendarDateAt(at);
  const clock = at.toISOString();
  const keys: Readonly<Record<LimitName, string | undefined>> = {
    per_borrower: parties.borrower?.toString('hex'),
    per_employer: parties.employer?.toString('hex'),
    bids_per_minute: clock.slice(0, 16),
    bids_per_hour: clock.slice(0, 13),
    bids_per_day: day,
    per_day: day,
    total: '',
  };
  return LIMIT_NAMES.map((name) => ({
    name,
    key: keys[name],
    amount: isPace(name) ? ONE_BID : amount,
    cap: caps[name],
  }));
}

/** What a debt counts in that no auction brings: it has no employer's margin, and pace is that of bids. */
const OF_DEBTS: readonly LimitName[] = ['per_borrower', 'per_day', 'total'];

/** Every counter that a debt ordered at `at` counts in, in the order of locks. */
export function usesOfDebt(
  amount: Decimal,
  borrower: Buffer | undefined,
  at: Date,
  caps: Caps,
): readonly LimitUse[] {
  return usesOf(amount, { borrower, employer: undefined }, at, caps).filter(({ name }) =>
    OF_DEBTS.includes(name),
  );
}

/** The limits that uses would go beyond. Whose limit is not known cannot be kept: it is among them. */
export function limitsReached(
  uses: readonly LimitUse[],
  usedOf: (name: LimitName, key: string) => Decimal,
): readonly ReachedLimit[] {
  return uses.flatMap(({ name, key, amount, cap }): readonly ReachedLimit[] => {
    if (cap === undefined) return [];
    if (key === undefined) return [{ name, cap, wouldBe: undefined }];
    const wouldBe = usedOf(name, key).plus(amount);
    return wouldBe.gt(cap) ? [{ name, cap, wouldBe }] : [];
  });
}

/**
 * What an offer counts in, less what the replaced one of the same borrower and employer counted; what is left may be negative.
 * The bids of the past were made, and stay counted.
 */
export function usesInPlaceOf(uses: readonly LimitUse[], replaced: Replaced): readonly LimitUse[] {
  return uses.flatMap((use): readonly LimitUse[] => {
    if (isPace(use.name)) return [use];
    if (use.name === 'per_day' && use.key !== replaced.countedOn) {
      const dayBefore = { ...use, key: replaced.countedOn, amount: replaced.amount.neg() };
      return [dayBefore, use].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
    }
    return [{ ...use, amount: use.amount.minus(replaced.amount) }];
  });
}

/** Whether a limit counts bids; the others count reais. */
export function isPace(name: LimitName): boolean {
  return name.startsWith('bids_');
}
