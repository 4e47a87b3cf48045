import { isDeepStrictEqual } from 'node:util';
import { Decimal } from '../kernel';
import type { IssuedDebt } from './ports';
import { differingFigures, offeredFigures, theirFigures, type StoredOffer } from './stored';

/** What one order for a debt asked for, kept with it: the offer may have become another before QI is heard of. */
export interface OrderedOffer {
  readonly offer: StoredOffer;
  /** What of the borrower's the loan takes. */
  readonly claim: string;
}

/** Of which order a debt was made; the newest, where QI's figures fit several. */
export interface MadeOf {
  /** `undefined`: by none that is known, or by one that did not keep its offer. */
  readonly order: OrderedOffer | undefined;
  readonly disbursedIssueAmount: Decimal;
  /** It is the debt that the borrower has accepted last; `undefined`: QI's figures fit several orders. */
  readonly isAsAccepted: boolean | undefined;
}

/**
 * All orders of a proposal go to QI under one key, and one that was given up may have become the debt after all: QI's
 * figures tell which.
 * @param orders the newest first
 * @param accepted the offer of the last acceptance
 */
export function madeOf(debt: IssuedDebt, orders: readonly OrderedOffer[], accepted: StoredOffer): MadeOf {
  const possible = orders.filter(({ offer }) => agrees(debt, offer));
  const [order] = possible;
  if (order !== undefined)
    return {
      order,
      disbursedIssueAmount: disbursedIn(order.offer),
      isAsAccepted: possible.every(({ offer }) => isSameOffer(offer, order.offer))
        ? isSameOffer(order.offer, accepted)
        : undefined,
    };
  const saidByQi = (optionFor(debt, accepted) ?? debt.options[0])?.disbursedIssueAmount;
  return {
    order: undefined,
    disbursedIssueAmount: saidByQi ?? disbursedIn(accepted),
    isAsAccepted: agrees(debt, accepted),
  };
}

/** Asked for alike, and to pay the same by QI's simulation. */
function isSameOffer(one: StoredOffer, other: StoredOffer): boolean {
  return (
    isDeepStrictEqual(one.figures, other.figures) &&
    differingFigures(offeredFigures(one), offeredFigures(other)).length === 0
  );
}

/** To the cent, in what QI says; where QI's simulation said something else than ours, as it said then. */
function agrees(debt: IssuedDebt, offer: StoredOffer): boolean {
  if (debt.options.length === 0) return true;
  const option = optionFor(debt, offer);
  return option !== undefined && differingFigures(offeredFigures(offer), theirFigures(option)).length === 0;
}

/** The same debt on the offer's day of payment. */
function optionFor(
  { options }: IssuedDebt,
  { figures }: StoredOffer,
): IssuedDebt['options'][number] | undefined {
  return options.find(
    ({ disbursementDate = figures.disbursement_date }) => disbursementDate === figures.disbursement_date,
  );
}

export function disbursedIn(offer: StoredOffer): Decimal {
  return new Decimal(offeredFigures(offer).disbursed_issue_amount);
}
