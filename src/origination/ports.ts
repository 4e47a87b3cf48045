import type { CommandAnswer } from '../commands';
import type { CalendarDate, Cpf, Decimal } from '../kernel';
import type { SendingPermit } from '../platform';
import type { Account, Person } from './domain';
import type { Period } from './domain/products/fgts';

/** What one simulation asks of QI: what these withdrawals pay out, or which part of them pays out the target. */
export interface SimulationOrder {
  readonly cpf: Cpf;
  readonly periods: readonly Period[];
  readonly target: Decimal | undefined;
  /** Fraction a year, as QI rounds it: to 8 decimals. */
  readonly annualInterestRate: Decimal;
  readonly disbursementDate: CalendarDate;
}

/** One debt to be made. */
export interface IssueOrder {
  /** Our name for it: the same at every repetition. */
  readonly controlKey: string;
  readonly cpf: Cpf;
  readonly person: Person;
  readonly account: Account;
  readonly periods: readonly Period[];
  readonly monthlyInterestRate: Decimal;
  readonly issueDate: CalendarDate;
  readonly disbursementFrom: CalendarDate;
  readonly disbursementUntil: CalendarDate;
}

/** What QI's figures say of one simulation; what it left out is undefined. */
export interface SimulatedFigures {
  readonly issueAmount: Decimal | undefined;
  readonly disbursedIssueAmount: Decimal | undefined;
  readonly totalIof: Decimal | undefined;
  readonly monthlyCet: Decimal | undefined;
  readonly annualCet: Decimal | undefined;
  readonly monthlyInterestRate: Decimal | undefined;
  readonly periods: readonly Period[];
}

/** A debt as QI has made it. */
export interface IssuedDebt {
  readonly creditOperationKey: string;
  readonly options: readonly (SimulatedFigures & { readonly disbursementDate: CalendarDate | undefined })[];
}

/** What is known of a balance. */
export interface BalanceSnapshot {
  readonly referenceDate: CalendarDate | undefined;
  readonly periods: readonly Period[];
  /** Only in the query's result, not in its webhook. */
  readonly activeContracts: number | undefined;
  readonly hasUnavailableBalance: boolean | undefined;
}

/** What a webhook says of a balance query. */
export type BalanceNews =
  | { readonly kind: 'received'; readonly snapshot: BalanceSnapshot }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly description: string | undefined;
      /** The first day on which it is permitted again. */
      readonly permittedFrom: CalendarDate | undefined;
    };

/**
 * The counter for loans without an auction. Never throws for what the network or QI does; the readers below take the
 * bodies of accepted answers.
 */
export interface OriginationDesk {
  queryBalance(cpf: Cpf, permit: SendingPermit): Promise<CommandAnswer>;
  readBalance(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  cancelQuery(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  simulate(order: SimulationOrder, permit: SendingPermit): Promise<CommandAnswer>;
  issue(order: IssueOrder, permit: SendingPermit): Promise<CommandAnswer>;
  /** Looks for a debt under our own key. */
  findIssued(controlKey: string, timeoutMs: number): Promise<CommandAnswer>;

  balanceKeyIn(body: string): string | undefined;
  snapshotIn(body: string): BalanceSnapshot | undefined;
  figuresIn(body: string): SimulatedFigures | undefined;
  /** `undefined`: it cannot be read; `'none'`: QI knows of no such debt. */
  issuedIn(body: string): IssuedDebt | 'none' | undefined;
}

export const ORIGINATION_DESK = Symbol('OriginationDesk');
