import type { CommandAnswer } from '../commands';
import type { CalendarDate, Cpf, Decimal } from '../kernel';
import type { SendingPermit } from '../platform';
import type { Fee } from '../pricing/domain';
import type { Account, Person } from './domain';
import type { Employment, MarginLink, RefinancedContract } from './domain/products/federal-payroll';
import type { Period } from './domain/products/fgts';

/** What QI's figures say of one simulation; what it left out is undefined. */
export interface SimulatedFigures {
  readonly issueAmount: Decimal | undefined;
  readonly disbursedIssueAmount: Decimal | undefined;
  readonly totalIof: Decimal | undefined;
  readonly contractFeeAmount: Decimal | undefined;
  readonly monthlyCet: Decimal | undefined;
  readonly annualCet: Decimal | undefined;
  readonly monthlyInterestRate: Decimal | undefined;
  /** Empty where none is named; undefined when one of them cannot be read: part of a plan is none. */
  readonly periods: readonly Period[] | undefined;
}

/** The same for one of several days on which the money may be paid. */
export type DisbursementOption = SimulatedFigures & { readonly disbursementDate: CalendarDate | undefined };

/** A debt as QI has made it. */
export interface IssuedDebt {
  readonly creditOperationKey: string;
  readonly options: readonly DisbursementOption[];
}

/** What is known of a balance at Caixa. */
export interface BalanceSnapshot {
  readonly product: 'fgts';
  readonly referenceDate: CalendarDate | undefined;
  readonly periods: readonly Period[];
  /** Only in the query's result, not in its webhook. */
  readonly activeContracts: number | undefined;
  readonly hasUnavailableBalance: boolean | undefined;
}

/** What SIAPE says of a servant: each employment link, and how much of its margin is free. */
export interface MarginSnapshot {
  readonly product: 'federal_payroll';
  readonly referenceDate: CalendarDate | undefined;
  readonly links: readonly MarginLink[];
}

/** What a webhook says of a balance query. */
export type BalanceNews =
  | { readonly kind: 'received'; readonly snapshot: BalanceSnapshot | MarginSnapshot }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly description: string | undefined;
      /** The first day on which it is permitted again. */
      readonly permittedFrom: CalendarDate | undefined;
    };

/**
 * The counter for the debts of one product. Never throws for what the network or QI does; the readers below take the
 * bodies of accepted answers.
 */
export interface DebtDesk<Simulation, Issue> {
  simulate(order: Simulation, permit: SendingPermit): Promise<CommandAnswer>;
  issue(order: Issue, permit: SendingPermit): Promise<CommandAnswer>;
  /** Looks for a debt under our own key. Accepted is only what QI says of that key. */
  findIssued(controlKey: string, timeoutMs: number): Promise<CommandAnswer>;

  balanceKeyIn(body: string): string | undefined;
  /** `undefined`: it cannot be read; `'none'`: QI knows of no such debt. */
  issuedIn(body: string): IssuedDebt | 'none' | undefined;
}

/** What the price holds beside the rate, in a simulation and in the debt alike. */
interface Priced {
  /** What the purchaser pays on top, asked for debt by debt: QI's own set-up does not know it. */
  readonly rebates: readonly Fee[];
}

/** Who borrows, and our name for the debt: the same at every repetition. */
interface IssuedTo {
  readonly controlKey: string;
  readonly cpf: Cpf;
  readonly person: Person;
  readonly account: Account;
  readonly monthlyInterestRate: Decimal;
}

/** What one simulation asks of QI: what these withdrawals pay out, or which part of them pays out the target. */
export interface FgtsSimulationOrder extends Priced {
  readonly cpf: Cpf;
  readonly periods: readonly Period[];
  readonly target: Decimal | undefined;
  /** Fraction a year, as QI rounds it: to 8 decimals. */
  readonly annualInterestRate: Decimal;
  readonly disbursementDate: CalendarDate;
}

export interface FgtsIssueOrder extends IssuedTo, Priced {
  readonly periods: readonly Period[];
  readonly issueDate: CalendarDate;
  readonly disbursementFrom: CalendarDate;
  readonly disbursementUntil: CalendarDate;
}

export interface FgtsDesk extends DebtDesk<FgtsSimulationOrder, FgtsIssueOrder> {
  queryBalance(cpf: Cpf, permit: SendingPermit): Promise<CommandAnswer>;
  readBalance(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  cancelQuery(balanceKey: string, permit: SendingPermit): Promise<CommandAnswer>;
  snapshotIn(body: string): BalanceSnapshot | undefined;
  figuresIn(body: string): SimulatedFigures | undefined;
}

/** Equal instalments from a first due date on. */
export interface PayrollTerms extends Priced {
  readonly installmentFaceValue: Decimal;
  readonly numberOfInstallments: number;
  readonly firstDueDate: CalendarDate;
  readonly disbursementDate: CalendarDate;
  readonly monthlyInterestRate: Decimal;
  /** Contracts that it pays off and replaces. */
  readonly refinanced: readonly RefinancedContract[];
}

export interface PayrollSimulationOrder extends PayrollTerms {
  readonly cpf: Cpf;
  /** So many days after the first one the money may be paid as well. */
  readonly limitDays: number;
}

export interface PayrollIssueOrder extends PayrollTerms, IssuedTo {
  readonly employment: Employment;
  readonly authority: string | undefined;
  readonly authorityDocumentNumber: string | undefined;
  /** When the margin is asked for: as soon as the debt is made, or once it is signed. */
  readonly reservationMethod: 'creation' | 'issuing';
}

/** What QI's simulation says: each day of payment, and what the borrower gets once older contracts are paid off. */
export interface PayrollSimulation {
  readonly options: readonly DisbursementOption[];
  readonly finalDisbursementAmount: Decimal | undefined;
}

export interface FederalPayrollDesk extends DebtDesk<PayrollSimulationOrder, PayrollIssueOrder> {
  /** @param employment one link of the servant's; all of them when it is not named */
  queryBalance(
    cpf: Cpf,
    employment: Pick<Employment, 'authorityCode' | 'registrationCode'> | undefined,
    permit: SendingPermit,
  ): Promise<CommandAnswer>;
  simulationIn(body: string): PayrollSimulation | undefined;
}

export const FGTS_DESK = Symbol('FgtsDesk');
export const FEDERAL_PAYROLL_DESK = Symbol('FederalPayrollDesk');
