import fc from 'fast-check';
import { runs } from '../../../test/support/repetitions';
import { PricingReference } from '../../../test/support/pricing-reference';
import { addDays, CENT, calendarDate, Decimal, type CalendarDate } from '../../kernel';
import { readPricingData } from '../pricing-data';
import { PricingContext, quote, quoteToJson, type Quote, type QuoteRequest, type QuoteShape } from './index';

const data = readPricingData('config');
const context = new PricingContext(data);
const [iof] = data.iof;
if (iof === undefined) throw new Error('no IOF rates in config/');
const reference = new PricingReference(iof);

const money = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((cents) => new Decimal(cents).div(100));
const decimals = (max: number, places: number) =>
  fc.integer({ min: 0, max: max * 10 ** places }).map((units) => new Decimal(units).div(10 ** places));
const day = fc
  .integer({ min: 0, max: 3650 })
  .map((days): CalendarDate => addDays(calendarDate('2022-01-01'), days));
const fee = fc.oneof(
  decimals(5, 4).map((amount) => ({ feeType: 'tac', amountType: 'percentage' as const, amount })),
  money(0, 3).map((amount) => ({ feeType: 'tac', amountType: 'absolute' as const, amount })),
);
const terms = fc.record({
  disbursementDate: day,
  rate: fc.oneof(
    decimals(0.08, 4).map((value) => ({ kind: 'monthly' as const, value })),
    decimals(1, 6).map((value) => ({ kind: 'annual' as const, value })),
  ),
  interestBase: fc.constantFrom('calendar_days' as const, 'calendar_days_365' as const),
  contractFees: fc.array(fee, { maxLength: 2 }),
  rebates: fc.array(fee, { maxLength: 2 }),
});
type Terms = Omit<QuoteRequest, 'shape'>;

const daysToFirst = fc.integer({ min: 1, max: 120 });
const termOf = (max: number) => fc.integer({ min: 1, max });

function monthly(
  given: Terms,
  kind: 'installment_face_value' | 'disbursed_issue_amount',
  amount: Decimal,
  numberOfInstallments: number,
  toFirst: number,
): QuoteRequest {
  const dates = { numberOfInstallments, firstDueDate: addDays(given.disbursementDate, toFirst) };
  const shape: QuoteShape =
    kind === 'installment_face_value'
      ? { kind, installmentFaceValue: amount, ...dates }
      : { kind, disbursedIssueAmount: amount, ...dates };
  return { ...given, shape };
}

const listed = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), money(1, 3000)), {
  minLength: 1,
  maxLength: 7,
});

function flow(given: Terms, rows: [number, Decimal][], target?: Decimal): QuoteRequest {
  let dueDate = given.disbursementDate;
  const installments = rows.map(([gap, totalAmount]) => {
    dueDate = addDays(dueDate, gap);
    return { dueDate, totalAmount };
  });
  const shape: QuoteShape =
    target === undefined
      ? { kind: 'installments', installments }
      : { kind: 'target_disbursed_amount', targetDisbursedAmount: target, installments };
  return { ...given, shape };
}

function quoted(request: QuoteRequest): Quote | undefined {
  const result = quote(request, context);
  return result.kind === 'quoted' ? result.quote : undefined;
}

function check(request: QuoteRequest): void {
  const theirs = reference.quote(request);
  const result = quote(request, context);
  if (theirs?.monthlyCet.gt(10) === true) {
    expect(result).toMatchObject({ refusal: { code: 'cost_out_of_range' } });
    return;
  }
  const ours = result.kind === 'quoted' ? result.quote : undefined;
  expect(ours === undefined).toBe(theirs === undefined);
  if (ours === undefined || theirs === undefined) return;
  const schedule = ours.schedule();
  expect({
    amounts: schedule.map((row) => row.totalAmount.toFixed(2)),
    issueAmount: ours.issueAmount.toFixed(2),
    disbursed: ours.disbursedIssueAmount.toFixed(2),
    iof: ours.iofAmount.toFixed(2),
    cet: ours.cet.monthly.toFixed(4),
    annualCet: ours.cet.annual.toFixed(10),
    annualCetExact: ours.cet.annualExact.toFixed(10),
    interestOfFirst: schedule.length > 1 ? schedule[0]?.preFixedAmount.toFixed(10) : undefined,
  }).toEqual({
    amounts: theirs.amounts.map((amount) => amount.toFixed(2)),
    issueAmount: theirs.issueAmount.toFixed(2),
    disbursed: theirs.disbursed.toFixed(2),
    iof: theirs.iof.toFixed(2),
    cet: theirs.monthlyCet.toFixed(4),
    annualCet: theirs.annualCet.toFixed(10),
    annualCetExact: theirs.annualCetExact.toFixed(10),
    interestOfFirst: schedule.length > 1 ? theirs.interests[0]?.toFixed(10) : undefined,
  });
  const close = (a: Decimal | undefined, b: Decimal | undefined): boolean =>
    a !== undefined && b !== undefined && a.minus(b).abs().lte('2e-9');
  schedule.forEach((row, index) => {
    expect(close(row.preFixedAmount, theirs.interests[index])).toBe(true);
    expect(close(row.principalAmortizationAmount, theirs.amortisations[index])).toBe(true);
    expect(close(row.taxAmount, theirs.taxes[index])).toBe(true);
  });
}

describe('random quotes agree with an independent slow reference of 50 digits', () => {
  const few = runs(50);

  test('given instalments', () => {
    fc.assert(
      fc.property(terms, listed, (given, rows) => {
        check(flow(given, rows));
      }),
      few,
    );
  });

  test('equal instalments', () => {
    fc.assert(
      fc.property(terms, money(1, 900), termOf(10), daysToFirst, (given, amount, term, toFirst) => {
        check(monthly(given, 'installment_face_value', amount, term, toFirst));
      }),
      few,
    );
  });

  test('a payout by equal instalments', () => {
    fc.assert(
      fc.property(terms, money(1, 20_000), termOf(10), daysToFirst, (given, amount, term, toFirst) => {
        check(monthly(given, 'disbursed_issue_amount', amount, term, toFirst));
      }),
      few,
    );
  });

  test('a target up to bounds', () => {
    fc.assert(
      fc.property(terms, listed, money(1, 6000), (given, rows, target) => {
        check(flow(given, rows, target));
      }),
      few,
    );
  });
});

describe('properties', () => {
  test('the schedule amortises exactly the present value, which the issue amount rounds', () => {
    fc.assert(
      fc.property(terms, listed, (given, rows) => {
        const priced = quoted(flow(given, rows));
        if (priced === undefined) return;
        const schedule = priced.schedule();
        const amortised = Decimal.sum(...schedule.map((row) => row.principalAmortizationAmount));
        const interest = Decimal.sum(...schedule.map((row) => row.preFixedAmount));
        const total = Decimal.sum(...schedule.map((row) => row.totalAmount));
        expect(interest.eq(priced.totalPreFixedAmount)).toBe(true);
        expect(amortised.plus(interest).eq(total)).toBe(true);
        expect(amortised.minus(priced.issueAmount).abs().lte('0.005')).toBe(true);
        const base = given.interestBase === 'calendar_days' ? 360 : 365;
        let days = 0;
        const present = Decimal.sum(
          ...rows.map(([gap, amount]) => {
            days += gap;
            return amount.div(priced.rates.annual.plus(1).pow(new Decimal(days).div(base)));
          }),
        );
        expect(present.minus(amortised).abs().lte('1e-9')).toBe(true);
      }),
      runs(60),
    );
  });

  test('the payout is the issue amount less taxes and fees, in every shape', () => {
    fc.assert(
      fc.property(terms, money(1, 9000), termOf(60), daysToFirst, (given, amount, term, toFirst) => {
        for (const kind of ['installment_face_value', 'disbursed_issue_amount'] as const) {
          const priced = quoted(monthly(given, kind, amount, term, toFirst));
          if (priced === undefined) continue;
          const left = priced.issueAmount.minus(priced.iofAmount).minus(priced.contractFeeAmount);
          expect(priced.disbursedIssueAmount.eq(left)).toBe(true);
          if (kind === 'disbursed_issue_amount') expect(left.eq(amount)).toBe(true);
          const bought = priced.issueAmount.plus(priced.rebateAmount);
          expect(priced.assignmentAmount.eq(bought)).toBe(true);
        }
      }),
      runs(100),
    );
  });

  test('asking for what an instalment pays out gives the instalment back', () => {
    fc.assert(
      fc.property(terms, money(5, 900), termOf(96), daysToFirst, (given, face, term, toFirst) => {
        const forward = quoted(monthly(given, 'installment_face_value', face, term, toFirst));
        if (forward === undefined) return;
        const payout = forward.disbursedIssueAmount;
        const back = quoted(monthly(given, 'disbursed_issue_amount', payout, term, toFirst));
        const worth = forward.issueAmount.div(face);
        // Four roundings to the cent stand between payout and instalment, whose cent is worth `worth` cents.
        const roundings = new Decimal('0.02').div(worth.times('0.8')).plus('0.005');
        expect(back?.installmentFaceValue?.minus(face).abs().lte(roundings)).toBe(true);
      }),
      runs(100),
    );
  });

  test('instalment and CET never fall as the rate rises', () => {
    fc.assert(
      fc.property(terms, money(100, 9000), termOf(96), daysToFirst, (given, amount, term, toFirst) => {
        let [installment, cet] = [new Decimal(0), new Decimal(-1)];
        for (const rate of ['0', '0.0001', '0.0149', '0.02', '0.05', '0.3', '1']) {
          const at = { ...given, rate: { kind: 'monthly', value: new Decimal(rate) } } as const;
          const priced = quoted(monthly(at, 'disbursed_issue_amount', amount, term, toFirst));
          if (priced === undefined) return;
          expect(priced.installmentFaceValue?.gte(installment)).toBe(true);
          expect(priced.cet.annualExact.gte(cet)).toBe(true);
          installment = priced.installmentFaceValue ?? installment;
          cet = priced.cet.annualExact;
        }
      }),
      runs(40),
    );
  });

  test('two equal loans cost what one of twice the amount costs, but for rounding', () => {
    fc.assert(
      fc.property(terms, money(100, 9000), termOf(96), daysToFirst, (given, amount, term, toFirst) => {
        const proportional = {
          ...given,
          contractFees: given.contractFees.filter((f) => f.amountType === 'percentage'),
        };
        const one = quoted(monthly(proportional, 'disbursed_issue_amount', amount, term, toFirst));
        const two = quoted(monthly(proportional, 'disbursed_issue_amount', amount.times(2), term, toFirst));
        if (one?.installmentFaceValue === undefined || two?.installmentFaceValue === undefined) return;
        const apart = two.installmentFaceValue.minus(one.installmentFaceValue.times(2)).abs();
        expect(apart.lte(CENT)).toBe(true);
        expect(two.issueAmount.minus(one.issueAmount.times(2)).abs().lte('0.15')).toBe(true);
      }),
      runs(100),
    );
  });

  test('a target of all that the bounds pay out takes all of them', () => {
    fc.assert(
      fc.property(terms, listed, (given, rows) => {
        const all = quoted(flow(given, rows));
        if (all === undefined) return;
        const target = quoted(flow(given, rows, all.disbursedIssueAmount));
        const taken = target?.schedule().map((row) => row.totalAmount) ?? [];
        expect(taken.slice(0, -1).every((amount, index) => amount.eq(rows[index]?.[1] ?? 0))).toBe(true);
        const more = quote(flow(given, rows, all.disbursedIssueAmount.plus(CENT)), context);
        expect(more).toMatchObject({ kind: 'refused', refusal: { code: 'target_unattainable' } });
      }),
      runs(60),
    );
  });

  test('what is remembered never changes an answer', () => {
    const forgetful = new PricingContext(data, 1);
    fc.assert(
      fc.property(terms, money(100, 9000), termOf(96), daysToFirst, (given, amount, term, toFirst) => {
        const request = monthly(given, 'disbursed_issue_amount', amount, term, toFirst);
        const answers = [context, context, forgetful, new PricingContext(data)].map((each) => {
          const result = quote(request, each);
          return result.kind === 'quoted' ? quoteToJson(result.quote) : result.refusal;
        });
        for (const answer of answers) expect(answer).toEqual(answers[0]);
      }),
      runs(40),
    );
  });
});

test('a curve that grows with the terms asked of it answers as a new one does', () => {
  const grown = new PricingContext(data);
  const given: Terms = {
    disbursementDate: calendarDate('2025-01-15'),
    rate: { kind: 'monthly', value: new Decimal('0.0249') },
    interestBase: 'calendar_days_365',
    contractFees: [],
    rebates: [],
  };
  const other: Terms = { ...given, rate: { kind: 'monthly', value: new Decimal('0.03') } };
  for (const term of [1, 2, 3, 9, 4, 48, 60, 12]) {
    for (const each of [given, other, given]) {
      const request = monthly(each, 'disbursed_issue_amount', new Decimal(1234 + term), term, 31);
      const [first, second] = [quote(request, grown), quote(request, new PricingContext(data))];
      if (first.kind === 'refused' || second.kind === 'refused') throw new Error('not priced');
      expect(quoteToJson(first.quote)).toEqual(quoteToJson(second.quote));
    }
  }
});

describe('rates at the edges', () => {
  const plain: Terms = {
    disbursementDate: calendarDate('2025-03-21'),
    rate: { kind: 'monthly', value: new Decimal(0) },
    interestBase: 'calendar_days_365',
    contractFees: [],
    rebates: [],
  };

  test('at a rate of zero there is no interest and the issue amount is the sum of the instalments', () => {
    const priced = quoted(monthly(plain, 'installment_face_value', new Decimal('33.33'), 3, 30));
    expect(priced?.issueAmount.toFixed(2)).toBe('99.99');
    expect(priced?.totalPreFixedAmount.isZero()).toBe(true);
    expect(priced?.schedule().map((row) => row.preFixedAmount.toFixed())).toEqual(['0', '0', '0']);
  });

  test('half a cent rounds up: 0.04 in 360 days at 60% a year is worth 0.025', () => {
    const given: Terms = {
      ...plain,
      interestBase: 'calendar_days',
      rate: { kind: 'annual', value: new Decimal('0.6') },
    };
    const noTax = new PricingContext({
      ...data,
      iof: [{ ...iof, dailyRate: new Decimal(0), flatRate: new Decimal(0) }],
    });
    const result = quote(flow(given, [[360, new Decimal('0.04')]]), noTax);
    expect(result.kind === 'quoted' && result.quote.issueAmount.toFixed()).toBe('0.03');
  });

  test('a CET below zero is one too: rounding the instalment down costs the lender', () => {
    const noTax = new PricingContext({
      ...data,
      iof: [{ ...iof, dailyRate: new Decimal(0), flatRate: new Decimal(0) }],
    });
    const result = quote(monthly(plain, 'disbursed_issue_amount', new Decimal('0.10'), 7, 30), noTax);
    expect(result.kind === 'quoted' && result.quote.cet.annualExact.lt(0)).toBe(true);
    expect(result.kind === 'quoted' && result.quote.installmentFaceValue?.toFixed()).toBe('0.01');
  });
});

describe('refusals', () => {
  const base: Terms = {
    disbursementDate: calendarDate('2025-03-21'),
    rate: { kind: 'monthly', value: new Decimal('0.02') },
    interestBase: 'calendar_days',
    contractFees: [],
    rebates: [],
  };
  const absolute = (amount: number) => ({
    feeType: 'tac',
    amountType: 'absolute' as const,
    amount: new Decimal(amount),
  });
  const percentage = (amount: number) => ({
    feeType: 'tac',
    amountType: 'percentage' as const,
    amount: new Decimal(amount),
  });
  const oneReal = new Decimal(1);

  test.each<[string, QuoteRequest, string, string, string]>([
    [
      'a day without tax rates',
      monthly(
        { ...base, disbursementDate: calendarDate('2021-12-31') },
        'disbursed_issue_amount',
        oneReal,
        1,
        30,
      ),
      'no_tax_rates',
      'disbursement_date',
      'no tax rates are on file for 2021-12-31',
    ],
    [
      'dates beyond the calendar',
      monthly(
        { ...base, disbursementDate: calendarDate('2077-12-31') },
        'disbursed_issue_amount',
        oneReal,
        24,
        30,
      ),
      'outside_calendar',
      'first_due_date',
      '2079-01-30 is outside the holiday calendar (2001 to 2078)',
    ],
    [
      'listed dates beyond the calendar',
      flow(base, [[30_000, oneReal]]),
      'outside_calendar',
      'installments',
      '2107-05-11 is outside the holiday calendar (2001 to 2078)',
    ],
    [
      'a fee as large as the loan',
      monthly({ ...base, contractFees: [absolute(1)] }, 'installment_face_value', oneReal, 1, 30),
      'fees_exceed_loan',
      'contract_fees',
      'taxes and fees leave the borrower nothing',
    ],
    [
      'percentages that leave nothing',
      monthly(
        { ...base, contractFees: [percentage(60), percentage(40)] },
        'disbursed_issue_amount',
        oneReal,
        1,
        30,
      ),
      'fees_exceed_loan',
      'contract_fees',
      'taxes and fees leave the borrower nothing',
    ],
    [
      'percentages that leave less than a hundredth',
      monthly({ ...base, contractFees: [percentage(98.7)] }, 'disbursed_issue_amount', oneReal, 1, 1),
      'fees_exceed_loan',
      'contract_fees',
      'taxes and fees leave the borrower nothing',
    ],
    [
      'a target of which percentages leave less than a hundredth',
      flow({ ...base, contractFees: [percentage(98.7)] }, [[1, new Decimal(100)]], CENT),
      'fees_exceed_loan',
      'contract_fees',
      'taxes and fees leave the borrower nothing',
    ],
    [
      'a target beyond the bounds',
      flow(base, [[30, oneReal]], new Decimal(2)),
      'target_unattainable',
      'target_disbursed_amount',
      'all the instalments pay out 0.97',
    ],
    [
      'a target that no bound can reach',
      flow({ ...base, contractFees: [absolute(9)] }, [[30, oneReal]], oneReal),
      'target_unattainable',
      'target_disbursed_amount',
      'all the instalments pay out 0.00',
    ],
    [
      'a payout spread too thin',
      monthly(base, 'disbursed_issue_amount', CENT, 96, 30),
      'installment_below_cent',
      'disbursed_issue_amount',
      'the instalment would be below one cent',
    ],
    [
      'a cost beyond reason',
      monthly({ ...base, contractFees: [absolute(900)] }, 'installment_face_value', new Decimal(920), 1, 5),
      'cost_out_of_range',
      'contract_fees',
      'the effective cost is above 1000% a month',
    ],
  ])('%s', (_name, request, code, path, message) => {
    expect(quote(request, context)).toEqual({ kind: 'refused', refusal: { code, path, message } });
  });
});
