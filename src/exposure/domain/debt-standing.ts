import { Decimal } from '../../kernel';
import { limitsReached, usesOfDebt, type Caps, type ReachedLimit } from './limits';

/** Where we stand with a borrower before a debt is offered or made that no auction brings. */
export interface DebtStanding {
  /** Blind index; undefined: not known who. */
  readonly borrower: Buffer | undefined;
  /** Our offers in auctions that are alive. */
  readonly liveOffers: number | undefined;
  /** What is used of each limit that the debt would count in. */
  readonly used: Readonly<Record<'per_borrower' | 'per_day' | 'total', Decimal>>;
}

/** Of somebody whom nobody has named: nothing is known to stand against them. */
export const UNKNOWN_BORROWER: DebtStanding = {
  borrower: undefined,
  liveOffers: undefined,
  used: { per_borrower: new Decimal(0), per_day: new Decimal(0), total: new Decimal(0) },
};

/** The limits that a debt of this amount would go beyond. */
export function limitsReachedByDebt(
  { borrower, used }: DebtStanding,
  amount: Decimal,
  at: Date,
  caps: Caps,
): readonly ReachedLimit[] {
  return limitsReached(usesOfDebt(amount, borrower, at, caps), (name) => {
    if (name === 'per_borrower' || name === 'per_day' || name === 'total') return used[name];
    throw new Error(`a debt counts in no limit ${name}`);
  });
}

/** What is left of the limits that a debt counts in; nothing where it is not known who borrows. Undefined: no limit. */
export function roomForDebt({ borrower, used }: DebtStanding, caps: Caps): Decimal | undefined {
  if (borrower === undefined && caps.per_borrower !== undefined) return new Decimal(0);
  const rooms = (['per_borrower', 'per_day', 'total'] as const).flatMap(
    (name) => caps[name]?.minus(used[name]) ?? [],
  );
  return rooms.length === 0 ? undefined : Decimal.max(0, Decimal.min(...rooms));
}
