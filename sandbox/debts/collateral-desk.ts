import type { CalendarDate, Decimal, JsonObject } from '../../src/kernel';
import type { CallContext, Answer } from '../answer';
import type { Behaviour } from '../behaviour';
import type { Debt, Offer, Product } from './debt';
import type { DebtPlan } from './plan';

/** What `POST /debt` asks for, as far as it differs by product. */
export interface ReadFinancial {
  readonly offer: Offer;
  /** The days on which it may be paid out. */
  readonly dates: readonly CalendarDate[];
  /** What of the money pays off older contracts. */
  readonly paysOff?: Decimal;
}

/** What the contract learns of its collateral. */
export interface CollateralRuling {
  constituted(debt: Debt): void;
  /** The collateral was refused, which cancels the contract. */
  refused(debt: Debt, enumerator: string, reason: string): void;
  /** Another contract has paid it off. */
  settle(debt: Debt): void;
  send(debt: Debt, write: (printedAt: Date) => JsonObject): void;
  /** After steps of the debt's pace, unless the collateral's epoch has passed. */
  later(debt: Debt, work: () => void, steps?: number): void;
  /** A step later, and not at once even when steps take no time: to look again whether something has come to pass. */
  again(debt: Debt, work: () => void): void;
}

/** One product's collateral: where it is asked for, how it fails, and when it is freed. */
export interface CollateralDesk {
  readonly product: Product;
  readonly collateralType: string;
  /** Fields of the borrower that only this product needs. */
  readonly borrowerTexts: readonly string[];
  plan(documentNumber: string): DebtPlan | undefined;
  readFinancial(
    body: JsonObject,
    today: CalendarDate,
    contract: Behaviour['contract'],
  ): ReadFinancial | Answer;
  collateralProblems(body: JsonObject): JsonObject;
  /** What the books hold against a new debt, before it is opened. */
  examine(debt: Debt, context: CallContext): void;
  issued(debt: Debt, ruling: CollateralRuling): void;
  signed(debt: Debt, ruling: CollateralRuling): void;
  /** The contract was canceled, not for good. */
  canceled(debt: Debt, ruling: CollateralRuling): void;
  /** The contract was canceled for good. */
  release(debt: Debt, ruling: CollateralRuling): void;
  /** The money went out. */
  paid(debt: Debt, ruling: CollateralRuling): void;
  /** A test makes the waiting collateral end so. */
  advance(debt: Debt, outcome: string, ruling: CollateralRuling): void;
  printed(debt: Debt): JsonObject;
}
