import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  addMonths,
  calendarDate,
  Decimal,
  isJsonObject,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../../src/kernel';
import { isNumber, listOf, objectOf, textOf } from '../fields';
import { feesOf } from './fees';
import { percentText } from './printing';
import type { DebtTerms } from './curve';
import { priceInstallments, priceTarget, type Installment, type Pricing } from './pricing';

const CASES = join(__dirname, '..', '..', 'test', 'contracts', 'pricing', 'simulations.json');
const printed = listOf(parseJson(readFileSync(CASES, 'utf8'))).filter(isJsonObject);

const numberIn = (object: JsonObject, field: string): Decimal => {
  const value = object[field];
  if (!isNumber(value)) throw new TypeError(`${field} is no number`);
  return value;
};

function read(request: JsonObject): { terms: DebtTerms; installments: Installment[] } {
  const terms: DebtTerms = {
    rate:
      request['annual_interest_rate'] === undefined
        ? { monthly: numberIn(request, 'monthly_interest_rate') }
        : { annual: numberIn(request, 'annual_interest_rate') },
    interestBase: request['interest_base'] as DebtTerms['interestBase'],
    disbursementDate: calendarDate(textOf(request['disbursement_date'])),
    contractFees: feesOf(request['contract_fees']),
    externalFees: feesOf(request['rebates']),
  };
  const listed = listOf(request['installments']).map((each) => ({
    dueDate: calendarDate(textOf(objectOf(each)['due_date'])),
    totalAmount: numberIn(objectOf(each), 'total_amount'),
  }));
  const equal = (): Installment[] =>
    Array.from({ length: numberIn(request, 'number_of_installments').toNumber() }, (_, i) => ({
      dueDate: addMonths(calendarDate(textOf(request['first_due_date'])), i),
      totalAmount: numberIn(request, 'installment_face_value'),
    }));
  return { terms, installments: listed.length > 0 ? listed : equal() };
}

function figuresOf(pricing: Pricing): Record<string, JsonValue> {
  return {
    issue_amount: pricing.issueAmount,
    disbursed_issue_amount: pricing.disbursedIssueAmount,
    iof_amount: pricing.totalIof,
    base_iof: pricing.baseIof,
    additional_iof: pricing.additionalIof,
    contract_fee_amount: Decimal.sum(0, ...pricing.contractFees.map((fee) => fee.feeAmount)),
    external_contract_fee_amount: Decimal.sum(0, ...pricing.externalFees.map((fee) => fee.feeAmount)),
    net_external_contract_fee_amount: Decimal.sum(0, ...pricing.externalFees.map((fee) => fee.netFeeAmount)),
    total_pre_fixed_amount: Decimal.sum(0, ...pricing.installments.map((row) => row.interest)),
  };
}

const close = (mine: JsonValue | undefined, theirs: JsonValue | undefined): void => {
  if (!isNumber(mine) || !isNumber(theirs)) throw new TypeError('no numbers');
  expect(mine.minus(theirs).abs().lte('0.000000001') ? theirs.toFixed() : mine.toFixed()).toBe(
    theirs.toFixed(),
  );
};

describe('priceInstallments', () => {
  it.each(printed.map((each) => [textOf(each['id']), each] as const))('agrees with %s', (_, each) => {
    const expected = objectOf(each['expected']);
    const { terms, installments } = read(objectOf(each['request']));
    const pricing = priceInstallments(terms, installments);
    if (pricing === undefined) throw new Error('not priced');

    for (const [field, figure] of Object.entries(figuresOf(pricing)))
      if (isNumber(expected[field])) close(figure, expected[field]);
    const cet = { cet: pricing.monthlyCet, annual_cet: pricing.annualCet };
    if (isNumber(expected['cet']))
      for (const field of ['cet', 'annual_cet'] as const) close(cet[field], expected[field]);
    else {
      expect(percentText(pricing.monthlyCet)).toBe(expected['cet']);
      expect(percentText(pricing.exactAnnualCet)).toBe(expected['annual_cet']);
    }
    const rates = objectOf(expected['prefixed_interest_rate']);
    for (const period of ['annual', 'monthly', 'daily'] as const)
      expect(pricing.rates[period].toFixed()).toBe(numberIn(rates, `${period}_rate`).toFixed());
    listOf(expected['installments']).forEach((row, i) => {
      const [mine, theirs] = [pricing.installments[i], objectOf(row)];
      close(mine?.interest, theirs['pre_fixed_amount']);
      close(mine?.amortization, theirs['principal_amortization_amount']);
      close(mine?.tax, theirs['tax_amount']);
      close(mine?.duePrincipal, theirs['due_principal']);
      expect([mine?.dueDate, mine?.businessDueDate]).toEqual([
        theirs['due_date'],
        theirs['business_due_date'],
      ]);
      expect([mine?.calendarDays, mine?.workdays]).toEqual(
        ['calendar_days', 'workdays'].map((field) => Number(numberIn(theirs, field).toFixed())),
      );
    });
  });
});

describe('priceTarget', () => {
  const terms = (cents: number): DebtTerms => ({
    rate: { monthly: new Decimal('0.0179') },
    interestBase: 'calendar_days_365',
    disbursementDate: calendarDate('2026-11-27'),
    contractFees: [{ feeType: 'tac', amountType: 'absolute', amount: new Decimal(cents).div(100) }],
    externalFees: [],
  });
  const bounds = (amounts: readonly number[]): Installment[] =>
    amounts.map((cents, i) => ({
      dueDate: calendarDate(`${2027 + i}-05-03`),
      totalAmount: new Decimal(cents).div(100),
    }));

  it('takes the instalments in order, all but the last in full, and pays out exactly the target', () => {
    const amounts = fc.array(fc.integer({ min: 10_000, max: 50_000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(
        amounts,
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 20, max: 100 }),
        (drawn, fee, percent) => {
          const most = priceInstallments(terms(fee), bounds(drawn));
          const target = most?.disbursedIssueAmount
            .times(percent)
            .div(100)
            .toDecimalPlaces(2, Decimal.ROUND_DOWN);
          if (target === undefined || target.lte(0)) return;
          const priced = priceTarget(terms(fee), bounds(drawn), target);
          if (priced.kind !== 'priced') throw new Error(priced.kind);
          const taken = priced.installments;
          expect(taken.slice(0, -1)).toEqual(bounds(drawn).slice(0, taken.length - 1));
          expect(taken.at(-1)?.totalAmount.lte(bounds(drawn)[taken.length - 1]?.totalAmount ?? 0)).toBe(true);
          const again = priceInstallments(terms(fee), taken);
          expect(again?.disbursedIssueAmount.minus(target).abs().lte('0.02')).toBe(true);
          expect(priced.pricing.disbursedIssueAmount).toEqual(target);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a cent more than all of them pay out', () => {
    const most =
      priceInstallments(terms(0), bounds([50_000, 50_000]))?.disbursedIssueAmount ?? new Decimal(0);
    expect(priceTarget(terms(0), bounds([50_000, 50_000]), most).kind).toBe('priced');
    expect(priceTarget(terms(0), bounds([50_000, 50_000]), most.plus('0.01')).kind).toBe('above_maximum');
    expect(priceTarget(terms(200_000), bounds([50_000]), most).kind).toBe('impossible');
  });
});
