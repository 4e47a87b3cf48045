import type { CalendarDate, Decimal } from '../../../../kernel';

/** What the council of the fund (CCFGTS) and the law fix for the anticipation of the anniversary withdrawal on a day. */
export interface FgtsRules {
  readonly validFrom: CalendarDate;
  /** Withdrawals that one contract may take. */
  readonly maximumWithdrawals: number;
  /** Reais of each. */
  readonly minimumWithdrawal: Decimal;
  readonly maximumWithdrawal: Decimal;
  /** Days after joining the anniversary mode before a lender may be authorised. */
  readonly waitingDays: number;
  readonly source: string;
}

/** A band of the annual table: of balances up to `upTo` (undefined: any), this share and this sum may be withdrawn. */
export interface WithdrawalBand {
  readonly upTo: Decimal | undefined;
  readonly share: Decimal;
  readonly additional: Decimal;
}

/** Dated data of the product; config/fgts.json. */
export interface FgtsData {
  readonly rules: readonly FgtsRules[];
  readonly bands: readonly WithdrawalBand[];
  /** Caixa takes no query from so many business days before the month of the birthday ... */
  readonly lockedBusinessDaysBefore: number;
  /** ... to this business day of the month after it, which is the first one permitted. */
  readonly permittedFromBusinessDay: number;
}

/** The rules of a contract made on `on`: the latest that are valid then; undefined before the first. */
export function rulesOn(rules: readonly FgtsRules[], on: CalendarDate): FgtsRules | undefined {
  return rules
    .filter(({ validFrom }) => validFrom <= on)
    .toSorted((one, other) => (one.validFrom < other.validFrom ? -1 : 1))
    .at(-1);
}
