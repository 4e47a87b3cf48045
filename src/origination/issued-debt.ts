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

/** A debt as far as QI's figures and what they say nothing of tell it from another. */
interface AskedFor {
  readonly offer: StoredOffer;
  readonly claim: string | null;
  /** The contracts that it pays off, as its product names them. */
  readonly paidOff: readonly string[];
}
export type Order = OrderedOffer & AskedFor;

/** Of which order a debt was made; the newest, where QI's figures fit several. */
export interface MadeOf {
  /** `undefined`: by none that is known, or by one that did not keep its offer. */
  readonly order: Order | undefined;
  readonly disbursedIssueAmount: Decimal;
  /** It is the debt that the borrower has accepted last; `undefined`: QI's figures fit several orders. */
  readonly isAsAccepted: boolean | undefined;
}

/**
 * All orders of a proposal go to QI under one key, and one that was given up may have become the debt after all: QI's
 * figures tell which.
 * @param orders the newest first
 * @param accepted of the last acceptance
 */
export function madeOf(debt: IssuedDebt, orders: readonly Order[], accepted: AskedFor): MadeOf {
  const possible = orders.filter(({ offer }) => agrees(debt, offer));
  const [order] = possible;
  if (order !== undefined)
    return {
      order,
      disbursedIssueAmount: disbursedIn(order.offer),
      isAsAccepted: possible.every((each) => isSame(each, order)) ? isSame(order, accepted) : undefined,
    };
  const saidByQi = (optionFor(debt, accepted.offer) ?? debt.options[0])?.disbursedIssueAmount;
  return {
    order: undefined,
    disbursedIssueAmount: saidByQi ?? disbursedIn(accepted.offer),
    isAsAccepted: agrees(debt, accepted.offer),
  };
}

/** Asked for alike, to take and to pay off the same, and to pay the same by QI's simulation. */
function isSame(one: AskedFor, other: AskedFor): boolean {
  return (
    one.claim === other.claim &&
    isDeepStrictEqual(one.paidOff, other.paidOff) &&
    isDeepStrictEqual(one.offer.figures, other.offer.figures) &&
    differingFigures(offeredFigures(one.offer), offeredFigures(other.offer)).length === 0
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
