import { Decimal } from 'decimal.js';
import { Engine } from 'json-rules-engine';

/** What the rules look at. */
export interface RuleFacts {
  readonly eligible: boolean;
  readonly employerType: string;
  readonly age: number;
  readonly ageAtEnd: number;
  readonly tenureMonths: number;
  readonly exposition: string;
  readonly alerts: number;
  readonly amount: number;
  readonly installments: number;
  readonly liveBids: number;
  readonly installmentToMargin: number;
}

/** The rules of the seed policy in the words of json-rules-engine: each event is a reason to decline. */
const REASONS: Readonly<Record<string, readonly [keyof RuleFacts, string, unknown]>> = {
  NOT_ELIGIBLE: ['eligible', 'equal', false],
  EMPLOYER_NOT_COMPANY: ['employerType', 'notEqual', 'cnpj'],
  AGE_BELOW_MINIMUM: ['age', 'lessThan', 18],
  AGE_AT_END_ABOVE_MAXIMUM: ['ageAtEnd', 'greaterThan', 70],
  TENURE_BELOW_MINIMUM: ['tenureMonths', 'lessThan', 6],
  POLITICALLY_EXPOSED: ['exposition', 'notEqual', 'not_exposed'],
  ALERTS: ['alerts', 'greaterThan', 0],
  AMOUNT_BELOW_MINIMUM: ['amount', 'lessThan', 500],
  AMOUNT_ABOVE_MAXIMUM: ['amount', 'greaterThan', 30_000],
  TERM_BELOW_MINIMUM: ['installments', 'lessThan', 6],
  TERM_ABOVE_MAXIMUM: ['installments', 'greaterThan', 48],
  LIVE_OFFER_EXISTS: ['liveBids', 'greaterThan', 0],
  INSTALLMENT_ABOVE_MARGIN: ['installmentToMargin', 'greaterThan', 1],
};

export function ruleEngine(): Engine {
  const engine = new Engine();
  for (const [type, [fact, operator, value]] of Object.entries(REASONS)) {
    engine.addRule({ conditions: { all: [{ fact, operator, value }] }, event: { type } });
  }
  return engine;
}

/** A row for each tenure, as a table of prices has it. */
export function monthlyRate(tenureMonths: number): Decimal {
  return new Decimal(tenureMonths < 12 ? '0.0289' : tenureMonths < 36 ? '0.0269' : '0.0249');
}

/** Of equal monthly instalments (Price). */
export function installmentOf(amount: Decimal, rate: Decimal, installments: number): Decimal {
  const growth = rate.plus(1).pow(installments);
  return amount.times(rate).times(growth).div(growth.minus(1)).toDecimalPlaces(2);
}
