import fc from 'fast-check';
import { runs } from '../../../test/support/repetitions';
import { CENT, calendarDate, Decimal } from '../../kernel';
import { readPricingData } from '../pricing-data';
import {
  fitOffer,
  PricingContext,
  quote,
  type FitAsk,
  type FitStrategy,
  type FittedOffer,
  type LoanTerms,
  type PriceBand,
} from './index';
import { Loan } from './loan';

const data = readPricingData('config');
const context = new PricingContext(data);
const real = (value: number | string): Decimal => new Decimal(value);

function band(id: string, terms: [number, number], amounts: [number, number?], rate: string): PriceBand {
  const [min, below] = amounts;
  return {
    id,
    installments: { min: terms[0], max: terms[1] },
    amount: { min: real(min), below: below === undefined ? undefined : real(below) },
    monthlyInterestRate: real(rate),
    rebates: [{ feeType: 'spread', amountType: 'percentage', amount: real('4.17') }],
  };
}

/** Four disjoint bands; larger loans are cheaper, longer ones dearer. */
const BANDS = [
  band('short-small', [6, 24], [0, 3000], '0.0299'),
  band('short-large', [6, 24], [3000], '0.0249'),
  band('long-small', [25, 48], [0, 3000], '0.0329'),
  band('long-large', [25, 48], [3000], '0.0279'),
];

const ASK: FitAsk = {
  askedAmount: real(5000),
  askedInstallments: 12,
  maxInstallment: real(600),
  disbursementDate: calendarDate('2025-03-21'),
  firstDueDate: calendarDate('2025-05-15'),
  interestBase: 'calendar_days_365',
  contractFees: [],
  strategies: ['keep_amount'],
  amountRange: { min: real(500), max: real(20_000) },
  installmentsRange: { min: 6, max: 48 },
  priceBands: BANDS,
};

function fitted(ask: FitAsk): FittedOffer {
  const result = fitOffer(ask, context);
  if (result.kind !== 'fitted') throw new Error(JSON.stringify(result.reasons));
  return result;
}

function installmentOf(ask: FitAsk, amount: Decimal, term: number): Decimal | undefined {
  const priced = ask.priceBands.find(
    (each) =>
      each.installments.min <= term &&
      term <= each.installments.max &&
      each.amount.min.lte(amount) &&
      (each.amount.below === undefined || amount.lt(each.amount.below)),
  );
  if (priced === undefined) return undefined;
  const result = quote(
    {
      disbursementDate: ask.disbursementDate,
      interestBase: ask.interestBase,
      contractFees: ask.contractFees,
      rebates: priced.rebates,
      rate: { kind: 'monthly', value: priced.monthlyInterestRate },
      shape: {
        kind: 'disbursed_issue_amount',
        disbursedIssueAmount: amount,
        numberOfInstallments: term,
        firstDueDate: ask.firstDueDate,
      },
    },
    context,
  );
  return result.kind === 'quoted' ? result.quote.installmentFaceValue : undefined;
}

describe('the asked loan', () => {
  test('is offered as asked when it fits, whatever the strategies', () => {
    const offer = fitted({ ...ASK, strategies: ['decline'] });
    expect(offer).toMatchObject({ strategy: 'as_asked', numberOfInstallments: 12, bandId: 'short-large' });
    expect(offer.reasons).toEqual([]);
    expect(offer.amount.toFixed()).toBe('5000');
    expect(offer.quote.disbursedIssueAmount.toFixed()).toBe('5000');
    expect(offer.monthlyInterestRate.toFixed()).toBe('0.0249');
  });

  test('fits when its instalment equals the limit, and not a cent below', () => {
    const exact = installmentOf(ASK, real(5000), 12) ?? real(0);
    expect(fitted({ ...ASK, maxInstallment: exact }).strategy).toBe('as_asked');
    const tight = fitOffer({ ...ASK, maxInstallment: exact.minus(CENT), strategies: [] }, context);
    expect(tight).toEqual({
      kind: 'does_not_fit',
      reasons: [{ code: 'installment_above_limit', observed: exact, required: exact.minus(CENT) }],
    });
  });

  test('a limit between two cents is the lower one', () => {
    const exact = installmentOf(ASK, real(5000), 12) ?? real(0);
    expect(fitted({ ...ASK, maxInstallment: exact.plus('0.009') }).strategy).toBe('as_asked');
    expect(fitOffer({ ...ASK, maxInstallment: exact.minus('0.001'), strategies: [] }, context).kind).toBe(
      'does_not_fit',
    );
  });

  test.each<[string, Partial<FitAsk>, object[]]>([
    [
      'too small',
      { askedAmount: real('499.99') },
      [{ code: 'amount_below_minimum', observed: real('499.99'), required: real(500) }],
    ],
    [
      'too large, and its instalment too',
      { askedAmount: real('20000.01') },
      [
        { code: 'amount_above_maximum', observed: real('20000.01'), required: real(20_000) },
        expect.objectContaining({ code: 'installment_above_limit', required: real(600) }) as object,
      ],
    ],
    [
      'too short, and without a price',
      { askedInstallments: 5 },
      [
        { code: 'installments_below_minimum', observed: real(5), required: real(6) },
        { code: 'no_price_band', observed: real(5000), required: undefined },
      ],
    ],
    [
      'too long, though priced',
      { installmentsRange: { min: 6, max: 11 } },
      [{ code: 'installments_above_maximum', observed: real(12), required: real(11) }],
    ],
    [
      'not in cents',
      { askedAmount: real('5000.001') },
      [{ code: 'amount_not_in_cents', observed: real('5000.001'), required: undefined }],
    ],
    [
      'on a day without tax rates',
      { disbursementDate: calendarDate('2021-03-21') },
      [{ code: 'no_tax_rates', observed: real(5000), required: undefined }],
    ],
    [
      'beyond the holiday calendar',
      { firstDueDate: calendarDate('2078-10-15') },
      [{ code: 'outside_calendar', observed: real(12), required: undefined }],
    ],
    [
      'eaten by its fees',
      { contractFees: [{ feeType: 'tac', amountType: 'percentage', amount: real(100) }] },
      [{ code: 'fees_exceed_loan', observed: real(5000), required: undefined }],
    ],
  ])('%s: says why', (_name, change, reasons) => {
    expect(fitOffer({ ...ASK, strategies: [], ...change }, context)).toEqual({
      kind: 'does_not_fit',
      reasons,
    });
  });

  test('what the quote itself refuses is a reason, and strategies go on', () => {
    const ask: FitAsk = {
      ...ASK,
      contractFees: [{ feeType: 'tac', amountType: 'absolute', amount: real(5000) }],
      askedAmount: real('0.01'),
      amountRange: { min: real(0), max: real(10) },
      installmentsRange: { min: 1, max: 1 },
      askedInstallments: 1,
      firstDueDate: calendarDate('2025-03-22'),
      maxInstallment: real(9000),
      priceBands: [band('all', [1, 1], [0], '0.02')],
      strategies: ['keep_amount', 'keep_installment', 'max_amount'],
    };
    expect(fitOffer(ask, context)).toEqual({
      kind: 'does_not_fit',
      reasons: [{ code: 'cost_out_of_range', observed: real('0.01'), required: undefined }],
    });
  });
});

describe('strategies', () => {
  const tight: FitAsk = { ...ASK, maxInstallment: real(300) };

  test('keep_amount takes the first longer term whose instalment fits, across bands', () => {
    const offer = fitted({ ...tight, strategies: ['keep_amount'] });
    expect(offer.strategy).toBe('keep_amount');
    expect(offer.amount.toFixed()).toBe('5000');
    expect(offer.reasons.map((reason) => reason.code)).toEqual(['installment_above_limit']);
    const term = offer.numberOfInstallments;
    expect(installmentOf(tight, offer.amount, term)?.lte(300)).toBe(true);
    for (let shorter = 12; shorter < term; shorter += 1) {
      expect(installmentOf(tight, offer.amount, shorter)?.gt(300)).toBe(true);
    }
  });

  test('keep_amount starts at the nearest allowed term', () => {
    const offer = fitted({
      ...ASK,
      askedInstallments: 3,
      strategies: ['keep_amount'],
      maxInstallment: real(1000),
    });
    expect(offer.numberOfInstallments).toBe(6);
    const longest = fitted({ ...ASK, askedInstallments: 60, strategies: ['keep_amount'] });
    expect(longest.numberOfInstallments).toBe(48);
  });

  test('keep_amount does not keep an amount that is not allowed', () => {
    for (const askedAmount of [real('499.99'), real('20000.01')]) {
      const ask = { ...ASK, askedAmount, maxInstallment: real(9000), strategies: ['keep_amount'] as const };
      expect(fitOffer(ask, context).kind).toBe('does_not_fit');
    }
  });

  test('keep_installment keeps the asked term and lowers the amount to the last cent that fits', () => {
    const offer = fitted({ ...tight, strategies: ['keep_installment'] });
    expect(offer).toMatchObject({ strategy: 'keep_installment', numberOfInstallments: 12 });
    expect(offer.bandId).toBe('short-small');
    expect(offer.quote.installmentFaceValue?.lte(300)).toBe(true);
    expect(installmentOf(tight, offer.amount.plus(CENT), 12)?.gt(300)).toBe(true);
  });

  test('keep_installment needs the asked term to be allowed', () => {
    for (const askedInstallments of [5, 49]) {
      const ask = { ...tight, askedInstallments, strategies: ['keep_installment'] as const };
      expect(fitOffer(ask, context).kind).toBe('does_not_fit');
    }
  });

  test('max_amount takes the shortest of the terms that carry the asked amount', () => {
    const kept = fitted({ ...tight, strategies: ['keep_amount'] });
    const offer = fitted({ ...tight, strategies: ['max_amount'] });
    expect(offer.strategy).toBe('max_amount');
    expect(offer.amount.toFixed()).toBe('5000');
    expect(offer.numberOfInstallments).toBe(kept.numberOfInstallments);
  });

  test('max_amount never offers more than was asked, nor more than is allowed', () => {
    const ask = { ...ASK, askedAmount: real(30_000), maxInstallment: real(9000) };
    const offer = fitted({ ...ask, strategies: ['max_amount'] });
    expect(offer.amount.toFixed()).toBe('20000');
    expect(offer.reasons.map((reason) => reason.code)).toEqual(['amount_above_maximum']);
  });

  test('strategies are tried in order; decline ends them', () => {
    const small: FitAsk = { ...ASK, maxInstallment: real(100) };
    const order: [FitStrategy[], string | undefined][] = [
      [['keep_amount', 'keep_installment'], 'keep_installment'],
      [['keep_amount', 'max_amount', 'keep_installment'], 'max_amount'],
      [['keep_amount', 'decline', 'keep_installment'], undefined],
      [[], undefined],
    ];
    for (const [strategies, used] of order) {
      const result = fitOffer({ ...small, strategies }, context);
      expect(result.kind === 'fitted' ? result.strategy : undefined).toBe(used);
    }
  });

  test('an amount just below the edge of a band is dearer than the edge itself', () => {
    const atEdge = installmentOf(ASK, real(3000), 12) ?? real(0);
    const below = installmentOf(ASK, real('2999.99'), 12) ?? real(0);
    expect(below.gt(atEdge)).toBe(true);
    const ask = { ...ASK, maxInstallment: atEdge, strategies: ['keep_installment'] as const };
    expect(fitted(ask).amount.gte(3000)).toBe(true);
    expect(fitted(ask).bandId).toBe('short-large');
    const under = fitted({ ...ask, maxInstallment: atEdge.minus(CENT) });
    expect(under.bandId).toBe('short-small');
    expect(under.amount.lt(3000)).toBe(true);
  });

  test('a cheaper band above the asked amount is not offered, even where its edge would fit', () => {
    const asked = real('2999.99');
    const atEdge = installmentOf(ASK, real(3000), 25) ?? real(0);
    expect(installmentOf(ASK, asked, 25)?.gt(atEdge)).toBe(true);
    const offer = fitted({
      ...ASK,
      askedAmount: asked,
      askedInstallments: 25,
      maxInstallment: atEdge,
      strategies: ['keep_installment'],
    });
    expect(offer.bandId).toBe('long-small');
    expect(offer.amount.lt(asked)).toBe(true);
  });

  test('an amount range with fractions of a cent keeps to the cents inside it', () => {
    const range = { min: real('1000.001'), max: real('1000.019') };
    const ask: FitAsk = { ...ASK, amountRange: range, strategies: ['keep_installment'] };
    expect(fitted(ask).amount.toFixed()).toBe('1000.01');
    expect(
      fitOffer({ ...ask, amountRange: { min: real('1000.011'), max: real('1000.019') } }, context).kind,
    ).toBe('does_not_fit');
  });

  test('nothing fits under a limit of nothing', () => {
    for (const limit of [0, -5]) {
      const ask = { ...ASK, maxInstallment: real(limit), strategies: ['keep_amount', 'max_amount'] as const };
      expect(fitOffer(ask, context).kind).toBe('does_not_fit');
    }
  });
});

const cents = (min: number, max: number) =>
  fc.integer({ min: min * 100, max: max * 100 }).map((units) => real(units).div(100));

describe('fitting is maximal', () => {
  const asks = fc.record({
    askedAmount: cents(600, 30_000),
    askedInstallments: fc.integer({ min: 6, max: 48 }),
    maxInstallment: cents(40, 900),
    contractFees: fc.constantFrom(
      [],
      [{ feeType: 'tac', amountType: 'absolute' as const, amount: real('17.68') }],
    ),
  });

  test('keep_installment: one cent more does not fit, or was not asked for, or is not allowed', () => {
    fc.assert(
      fc.property(asks, (change) => {
        const ask: FitAsk = { ...ASK, ...change, strategies: ['keep_installment'] };
        const result = fitOffer(ask, context);
        if (result.kind !== 'fitted' || result.strategy === 'as_asked') return;
        expect(result.quote.installmentFaceValue?.lte(ask.maxInstallment)).toBe(true);
        const ceiling = Decimal.min(ask.askedAmount, ask.amountRange.max);
        if (result.amount.eq(ceiling)) return;
        expect(result.amount.lt(ceiling)).toBe(true);
        // No larger amount fits, whichever band prices it: a cent more, the edge of the next band, the ceiling.
        for (const larger of [result.amount.plus(CENT), real(3000), ceiling]) {
          if (larger.lte(result.amount) || larger.gt(ceiling)) continue;
          const installment = installmentOf(ask, larger, result.numberOfInstallments);
          expect(installment?.gt(ask.maxInstallment)).toBe(true);
        }
      }),
      runs(100),
    );
  });

  test('max_amount: on no term does one cent more fit', () => {
    fc.assert(
      fc.property(asks, (change) => {
        const ask: FitAsk = { ...ASK, ...change, strategies: ['max_amount'] };
        const result = fitOffer(ask, context);
        if (result.kind !== 'fitted' || result.strategy === 'as_asked') return;
        const ceiling = Decimal.min(ask.askedAmount, ask.amountRange.max);
        for (let term = 6; term <= 48; term += 1) {
          const larger = result.amount.plus(CENT);
          if (larger.gt(ceiling)) continue;
          expect(installmentOf(ask, larger, term)?.gt(ask.maxInstallment)).toBe(true);
        }
        for (let term = 6; term < result.numberOfInstallments; term += 1) {
          expect(installmentOf(ask, result.amount, term)?.gt(ask.maxInstallment)).toBe(true);
        }
      }),
      runs(30),
    );
  });

  test('what is declined has no allowed offer at all', () => {
    fc.assert(
      fc.property(asks, cents(1, 30), (change, maxInstallment) => {
        const ask: FitAsk = { ...ASK, ...change, maxInstallment, strategies: ['max_amount'] };
        if (fitOffer(ask, context).kind === 'fitted') return;
        for (let term = 6; term <= 48; term += 1) {
          expect(installmentOf(ask, ask.amountRange.min, term)?.gt(maxInstallment)).toBe(true);
        }
      }),
      runs(30),
    );
  });
});

describe('the largest payout of a loan', () => {
  const termsOf = (rate: string, ...contractFees: LoanTerms['contractFees']): LoanTerms => ({
    disbursementDate: ASK.disbursementDate,
    rate: { kind: 'monthly', value: real(rate) },
    interestBase: 'calendar_days_365',
    contractFees,
    rebates: [],
  });
  const open = (terms: LoanTerms, tables = context): Loan => {
    const taxes = tables.taxRatesOn(terms.disbursementDate);
    if (taxes === undefined) throw new Error('no taxes that day');
    return Loan.open(terms, { first: ASK.firstDueDate }, taxes, tables);
  };
  const tac = { feeType: 'tac', amountType: 'absolute', amount: real('17.68') } as const;

  test('is the last cent that fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 300_000 }), (limit) => {
        const loan = open(termsOf('0.0249', tac));
        const payout = loan.largestPayout(BigInt(limit), 24) ?? -1n;
        expect(loan.installmentFor(payout, 24)).toBeLessThanOrEqual(BigInt(limit));
        expect(loan.installmentFor(payout + 1n, 24)).toBeGreaterThan(BigInt(limit));
      }),
      runs(100),
    );
  });

  test('does not reach the tie: half a cent of instalment is rounded up', () => {
    const untaxed = new PricingContext({
      ...data,
      iof: data.iof.map((row) => ({ ...row, dailyRate: real(0), flatRate: real(0) })),
    });
    expect(open(termsOf('0'), untaxed).largestPayout(100n, 2)).toBe(200n);
    const everything = { feeType: 'tac', amountType: 'percentage', amount: real(100) } as const;
    expect(open(termsOf('0', everything), untaxed).largestPayout(100n, 2)).toBeUndefined();
  });

  test('is none under nothing, or when the fee alone is above the limit', () => {
    for (const limit of [0n, -100n]) expect(open(termsOf('0.0249')).largestPayout(limit, 24)).toBeUndefined();
    for (const limit of [0n, 30n])
      expect(open(termsOf('0.0249', tac)).largestPayout(limit, 24)).toBeUndefined();
  });
});
