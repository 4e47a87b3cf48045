import fc from 'fast-check';
import { calendarDate, Decimal } from '../../kernel';
import { compiledPolicy, federalPayrollJson, fgtsJson, policyJson } from '../../../test/support/policies';
import {
  fieldNamesOf,
  nothingKnownOf,
  type CapsInForce,
  type Facts,
  type ProductFacts,
} from '../../policy/domain';
import { judgeOffer, judgeRequest, type JudgeTerms } from './judge';

const NO_CAPS: CapsInForce = { rate: undefined, installments: undefined };
const now = new Date('2026-11-27T12:00:00Z');
const terms = (changes: object = {}, caps: Partial<CapsInForce> = {}): JudgeTerms => ({
  policy: {
    version: '7',
    compiled: compiledPolicy(
      policyJson({ products: { fgts: fgtsJson(), federal_payroll: federalPayrollJson(), ...changes } }),
    ),
  },
  now,
  caps: { ...NO_CAPS, ...caps },
});
const below = (rate: string) => ({ maximum: new Decimal(rate), exclusive: true });
const TERMS = terms();

const REQUEST: ProductFacts<'fgts'> = {
  ...nothingKnownOf('fgts'),
  borrower_age: 30,
  reference_age_hours: 1,
  available_periods: 3,
};
const OFFER: ProductFacts<'fgts'> = {
  ...REQUEST,
  offered_amount: new Decimal('900'),
  offered_periods: 3,
  offered_rate: new Decimal('0.0175'),
  offered_monthly_cet: new Decimal('0.02'),
  last_due_date: calendarDate('2028-12-01'),
};
const codes = ({ reasons }: { readonly reasons: readonly { readonly code: string }[] }) =>
  reasons.map(({ code }) => code);

describe('a request for a product without an auction', () => {
  it('is eligible with limits and every fee table that has prices', () => {
    expect(judgeRequest('fgts', REQUEST, TERMS)).toMatchObject({
      outcome: 'eligible',
      policy: { version: '7' },
      reasons: [],
      limits: { installments: { min: 1, max: 5 } },
      feeTables: [
        { id: 'padrao', contractFees: [], bands: [{ id: 'um' }, { id: 'mais' }] },
        { id: 'tarifa', contractFees: [{ feeType: 'tac', amountType: 'absolute' }], bands: [{ id: 'alto' }] },
      ],
      trace: {
        product: 'fgts',
        window: 'on_time',
        decided_on: '2026-11-27',
        rules: [{ ruleId: 'settings.snapshot_max_age_hours', result: 'pass' }, { ruleId: 'idade' }],
        fee_tables: [
          { id: 'padrao', table: 'precos', rows: ['um', 'mais'] },
          { id: 'tarifa', table: 'com-tarifa', rows: ['alto'] },
        ],
      },
    });
  });

  it('is told every reason at once', () => {
    const judged = judgeRequest('fgts', { ...REQUEST, borrower_age: 17, reference_age_hours: 25 }, TERMS);
    expect(judged.outcome).toBe('not_eligible');
    expect(codes(judged)).toEqual(['SNAPSHOT_TOO_OLD', 'AGE_BELOW_MINIMUM']);
  });

  it('is declined by a policy that does not speak of the product', () => {
    const judged = judgeRequest('fgts', REQUEST, terms({ fgts: undefined }));
    expect(judged).toMatchObject({ outcome: 'not_eligible', trace: { rules: [], fee_tables: [] } });
    expect(codes(judged)).toEqual(['PRODUCT_NOT_IN_POLICY']);
    expect(codes(judgeOffer('fgts', OFFER, { ...terms({ fgts: undefined }), feeTable: 'padrao' }))).toEqual([
      'PRODUCT_NOT_IN_POLICY',
    ]);
  });

  it.each<[string, string, string[]]>([
    ['1', 'eligible', []],
    ['12', 'review', ['SITUATION']],
    ['66', 'not_eligible', ['SITUATION']],
  ])('of situation %s is %s', (functional_situation, outcome, reasons) => {
    const facts = {
      ...nothingKnownOf('federal_payroll'),
      borrower_age: 40,
      reference_age_hours: 1,
      margin: new Decimal(500),
      functional_situation,
    };
    const judged = judgeRequest('federal_payroll', facts, TERMS);
    expect(judged.outcome).toBe(outcome);
    expect(codes(judged)).toEqual(reasons);
    expect('feeTables' in judged).toBe(outcome !== 'not_eligible');
  });
});

describe('what law fixes', () => {
  it('takes away prices at an exclusive cap, and says so', () => {
    const judged = judgeRequest('fgts', REQUEST, terms({}, { rate: below('0.0179') }));
    expect(judged).toMatchObject({
      outcome: 'eligible',
      reasons: [
        { code: 'RATE_ABOVE_LEGAL_CAP', severity: 'flag', observed: '1,79%', required: 'abaixo de 1,79%' },
      ],
      feeTables: [{ id: 'padrao', bands: [{ id: 'mais' }] }, { id: 'tarifa' }],
    });
  });

  it('declines when no price is left', () => {
    const judged = judgeRequest('fgts', REQUEST, terms({}, { rate: below('0.0160') }));
    expect(judged.outcome).toBe('not_eligible');
    expect(new Set(codes(judged))).toEqual(new Set(['RATE_ABOVE_LEGAL_CAP']));
  });

  it('lets a rate stand at an inclusive cap', () => {
    const rate = { maximum: new Decimal('0.0180'), exclusive: false };
    const facts = {
      ...nothingKnownOf('federal_payroll'),
      borrower_age: 40,
      reference_age_hours: 1,
      margin: new Decimal(500),
      functional_situation: '1',
    };
    expect(judgeRequest('federal_payroll', facts, terms({}, { rate, installments: 120 }))).toMatchObject({
      outcome: 'eligible',
      limits: { installments: { min: 6, max: 120 } },
    });
  });
});

describe('an offer', () => {
  const judge = (changes: Partial<Facts>, caps: Partial<CapsInForce> = {}, feeTable = 'padrao') =>
    judgeOffer('fgts', { ...OFFER, ...changes }, { ...terms({}, caps), feeTable });

  it('stands as it was priced, traced to its row', () => {
    expect(judge({})).toMatchObject({
      outcome: 'stands',
      reasons: [],
      trace: { fee_tables: [{ id: 'padrao', table: 'precos', rows: ['mais'] }] },
    });
  });

  it.each<[string, Partial<Facts>, Partial<CapsInForce>, string, string[]]>([
    ['its cost', { offered_monthly_cet: new Decimal('0.04') }, {}, 'padrao', ['CET_ABOVE_MAXIMUM']],
    ['a fact of the request', { borrower_age: 17 }, {}, 'padrao', ['AGE_BELOW_MINIMUM']],
    ['too little', { offered_amount: new Decimal('74.99') }, {}, 'padrao', ['AMOUNT_BELOW_MINIMUM']],
    ['too much', { offered_amount: new Decimal('1500.01') }, {}, 'padrao', ['AMOUNT_ABOVE_MAXIMUM']],
    ['too many withdrawals', {}, { installments: 2 }, 'padrao', ['INSTALLMENTS_ABOVE_MAXIMUM']],
    ['a rate of no row', { offered_rate: new Decimal('0.0174') }, {}, 'padrao', ['RATE_NOT_OF_TABLE']],
    ['a rate of another table', {}, {}, 'tarifa', ['RATE_NOT_OF_TABLE']],
    [
      'a table that does not price it',
      { offered_amount: new Decimal('499.99') },
      {},
      'tarifa',
      ['NO_PRICE_BAND'],
    ],
    ['a table that is not there', {}, {}, 'outra', ['NO_PRICE_BAND']],
    ['an unknown rate', { offered_rate: undefined }, {}, 'padrao', ['DATA_MISSING:offered_rate']],
    ['the legal cap', {}, { rate: below('0.0175') }, 'padrao', ['RATE_ABOVE_LEGAL_CAP', 'NO_PRICE_BAND']],
  ])('is refused for %s', (_what, changes, caps, feeTable, expected) => {
    const judged = judge(changes, caps, feeTable);
    expect(judged.outcome).toBe('refused');
    expect([...new Set(codes(judged))]).toEqual(expected);
  });

  it('counts withdrawals in its reasons', () => {
    const [reason] = judge({}, { installments: 2 }).reasons;
    expect(reason).toMatchObject({ observed: '3 saques', required: '2 saques' });
  });
});

describe('whatever the facts', () => {
  const facts = fc.record({
    borrower_age: fc.option(fc.integer({ min: 16, max: 20 }), { nil: undefined }),
    reference_age_hours: fc.option(fc.integer({ min: 23, max: 26 }), { nil: undefined }),
    offered_amount: fc.option(
      fc.integer({ min: 7000, max: 151_000 }).map((cents) => new Decimal(cents).dividedBy(100)),
      { nil: undefined },
    ),
    offered_periods: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    offered_rate: fc.option(
      fc.constantFrom('0.0160', '0.0175', '0.0179').map((rate) => new Decimal(rate)),
      {
        nil: undefined,
      },
    ),
    offered_monthly_cet: fc.option(
      fc.constantFrom('0.02', '0.03', '0.031').map((rate) => new Decimal(rate)),
      {
        nil: undefined,
      },
    ),
  });
  const rank = { refused: 0, review: 1, stands: 2 };
  const offered = (some: Partial<Facts>) => ({ ...nothingKnownOf('fgts'), ...some });

  it('the same give the same judgement, and what is missing never helps', () => {
    fc.assert(
      fc.property(
        facts,
        fc.constantFrom('padrao', 'tarifa'),
        fc.constantFrom(...fieldNamesOf('fgts')),
        (some, feeTable, gone) => {
          const judge = (of: Partial<Facts>) => judgeOffer('fgts', offered(of), { ...TERMS, feeTable });
          const judged = judge(some);
          expect(JSON.stringify(judge(some))).toBe(JSON.stringify(judged));
          expect(rank[judge({ ...some, [gone]: undefined }).outcome]).toBeLessThanOrEqual(
            rank[judged.outcome],
          );
        },
      ),
    );
  });

  it('an offer stands exactly when the request gave a band for it and the rules agree', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom('padrao', 'tarifa'), (some, feeTable) => {
        const request = judgeRequest('fgts', offered(some), TERMS);
        const { offered_amount: amount, offered_periods: term, offered_rate: rate } = some;
        const isPriced =
          request.outcome === 'eligible' &&
          amount !== undefined &&
          term !== undefined &&
          amount.gte(request.limits.amount.min) &&
          amount.lte(request.limits.amount.max) &&
          request.feeTables.some(
            ({ id, bands }) =>
              id === feeTable &&
              bands.some(
                (band) =>
                  term >= band.installments.min &&
                  term <= band.installments.max &&
                  amount.gte(band.amount.min) &&
                  (band.amount.below === undefined || amount.lt(band.amount.below)) &&
                  rate?.eq(band.monthlyInterestRate) === true,
              ),
          );
        const isCheap = some.offered_monthly_cet?.lte('0.03') === true;
        expect(judgeOffer('fgts', offered(some), { ...TERMS, feeTable }).outcome).toBe(
          isPriced && isCheap ? 'stands' : 'refused',
        );
      }),
    );
  });
});
