import { calendarDate, Decimal } from '../../../../kernel';
import { PricingContext, readPricingData } from '../../../../pricing';
import { compiledPolicy, fgtsJson, policyJson } from '../../../../../test/support/policies';
import { readFgtsData } from '../../../products/fgts/fgts-data';
import { estimateFgts, type FgtsEstimate, type FgtsTerms } from '.';

const pricing = new PricingContext(readPricingData('config'));
const TERMS: FgtsTerms = {
  policy: { version: '7', compiled: compiledPolicy(policyJson({ products: { fgts: fgtsJson() } })) },
  now: new Date('2026-11-27T12:00:00Z'),
  caps: { rate: undefined, installments: undefined },
  data: readFgtsData(),
  pricing,
  calendar: pricing.data.holidays,
  disbursementBusinessDays: 1,
};
const estimate = (balance: string, birthDate: string, terms = TERMS): FgtsEstimate =>
  estimateFgts(new Decimal(balance), calendarDate(birthDate), terms);
const offersOf = ({ verdict }: FgtsEstimate) => (verdict.kind === 'offers' ? verdict.offers : []);

describe('an estimate of what somebody might be offered', () => {
  it('is priced as a balance of Caixa would be, under every fee table', () => {
    const made = estimate('5000', '1985-03-10');
    expect(made.withdrawals.map(({ month, cedable }) => `${month} ${cedable.toFixed(2)}`)).toEqual([
      '2027-03-01 500.00',
      '2028-03-01 500.00',
      '2029-03-01 500.00',
    ]);
    expect(offersOf(made).map(({ simulation }) => simulation.asked.table.id)).toEqual(['padrao', 'tarifa']);
    for (const { simulation } of offersOf(made)) {
      if (simulation.kind === 'refused') throw new Error(simulation.problem.message);
      expect(simulation.quote.disbursementDate).toBe('2026-11-30');
      expect(simulation.quote.disbursedIssueAmount.lt('1500')).toBe(true);
      expect(simulation.quote.disbursedIssueAmount.gt('900')).toBe(true);
    }
  });

  it('judges nobody: a rule about who it is does not refuse it', () => {
    expect(offersOf(estimate('5000', '2015-03-10')).length).toBe(2);
  });

  it('of whoever is locked now is made for the day on which Caixa opens, without the withdrawal until then', () => {
    const made = estimate('5000', '1990-12-24');
    expect(made).toMatchObject({
      window: { isNow: true, from: '2026-11-06', permittedFrom: '2027-01-05' },
      contractFrom: '2027-01-05',
    });
    expect(made.withdrawals.map(({ month }) => month)).toEqual(['2027-12-01', '2028-12-01', '2029-12-01']);
    // The balance has shrunk by the withdrawal of December 2026: 1,650.00 of 5,000.00.
    expect(made.withdrawals[0]?.withdrawal.toFixed(2)).toBe('1155.00');
    const [offer] = offersOf(made);
    expect(offer?.simulation.kind === 'simulated' && offer.simulation.quote.disbursementDate).toBe(
      '2027-01-06',
    );
  });

  it.each([
    ['150', 'não há saque de valor suficiente para ceder'],
    ['0.01', 'não há saque de valor suficiente para ceder'],
  ])('of R$ %s is nothing: %s', (balance, message) => {
    expect(estimate(balance, '1985-03-10').verdict).toMatchObject({
      kind: 'not_eligible',
      problem: { message },
    });
  });

  it('keeps within the limits of the policy', () => {
    const { verdict } = estimate('205', '1985-03-10');
    const limits = {
      amount: { minimum: '300.00', maximum: '1500.00' },
      installments: { minimum: 1, maximum: 5 },
    };
    const strict = compiledPolicy(policyJson({ products: { fgts: fgtsJson({ limits }) } }));
    const refused = estimate('205', '1985-03-10', { ...TERMS, policy: { version: '8', compiled: strict } });
    expect([verdict.kind, refused.verdict.kind]).toEqual(['offers', 'not_eligible']);
  });
});
