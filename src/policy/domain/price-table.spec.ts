import { Decimal } from '../../kernel';
import { A_PRICE_TABLE, compiledPolicy, GOOD_BORROWER, policyJson } from '../../../test/support/policies';
import { priceRows } from './compile-policy';
import type { Facts } from './fields';

type Json = Readonly<Record<string, unknown>>;
const RATE = { monthly_interest_rate: '0.0249' };

/** The bands open to a request, as plain text. */
function bands(table: Json, facts: Facts = GOOD_BORROWER, changes: Json = {}) {
  const compiled = compiledPolicy(policyJson({ tables: [{ ...A_PRICE_TABLE, ...table }], ...changes }));
  const prices = priceRows(compiled, facts);
  if (prices.kind === 'none') return prices.reasons.map(({ code }) => code);
  return prices.value.map(({ id, installments: { min, max }, amount: { min: from, below } }) =>
    [id, `${String(min)}-${String(max)}`, `${from.toFixed()}..${below?.toFixed() ?? ''}`].join(' '),
  );
}

describe('what a row offers', () => {
  const offered = (months: number) => {
    const prices = priceRows(compiledPolicy(policyJson()), { ...GOOD_BORROWER, tenure_months: months });
    return prices.kind === 'match' ? prices.value[0] : undefined;
  };

  it('is its own, and where it says nothing, what the section says', () => {
    expect(offered(3)).toMatchObject({
      monthlyInterestRate: new Decimal('0.0349'),
      daysToExpiration: 7,
      rebates: [{ feeType: 'spread', amountType: 'percentage', amount: new Decimal('4.17') }],
    });
    expect(offered(12)).toMatchObject({ monthlyInterestRate: new Decimal('0.0249'), daysToExpiration: 3 });
  });

  it('may have rebates of its own, none among them', () => {
    const rebates = [{ fee_type: 'tac', amount_type: 'absolute', amount: '12.5' }];
    const rows = [
      { id: 'a', when: { tenure_months: { below: 12 } }, then: { ...RATE, rebates } },
      { id: 'b', when: { tenure_months: { from: 12 } }, then: { ...RATE, rebates: [] } },
    ];
    const compiled = compiledPolicy(
      policyJson({ tables: [{ ...A_PRICE_TABLE, columns: ['tenure_months'], rows }] }),
    );
    const of = (months: number) => {
      const prices = priceRows(compiled, { ...GOOD_BORROWER, tenure_months: months });
      return prices.kind === 'match' ? prices.value[0]?.rebates : undefined;
    };
    expect(of(1)).toEqual([{ feeType: 'tac', amountType: 'absolute', amount: new Decimal('12.5') }]);
    expect(of(12)).toEqual([]);
  });
});

describe('the bands of a request', () => {
  it('are cut to the terms of the limits; a row outside them is no price', () => {
    const when = (from: number, below: number) => ({
      tenure_months: 'any',
      offered_installments: { from, below },
    });
    expect(bands({ rows: [{ id: 'a', when: when(1, 13), then: RATE }] })).toEqual(['a 6-12 0..']);
    expect(bands({ rows: [{ id: 'a', when: when(40, 100), then: RATE }] })).toEqual(['a 40-48 0..']);
    expect(bands({ rows: [{ id: 'a', when: when(6, 7), then: RATE }] })).toEqual(['a 6-6 0..']);
    expect(bands({ rows: [{ id: 'a', when: when(49, 60), then: RATE }] })).toEqual(['NO_PRICE']);
  });

  it('join neighbouring cells that only other rows cut, and leave the columns that are not there open', () => {
    const columns = ['tenure_months', 'offered_amount'];
    const rows = [
      {
        id: 'a',
        when: { tenure_months: { below: 12 }, offered_amount: { from: '500', below: '1000' } },
        then: RATE,
      },
      { id: 'b', when: { tenure_months: { below: 12 }, offered_amount: { from: '1000' } }, then: RATE },
      { id: 'c', when: { tenure_months: { from: 12 }, offered_amount: 'any' }, then: RATE },
    ];
    expect(bands({ columns, rows }, { ...GOOD_BORROWER, tenure_months: 11 })).toEqual([
      'a 6-48 500..1000',
      'b 6-48 1000..',
    ]);
    expect(bands({ columns, rows })).toEqual(['c 6-48 0..']);
  });

  it('of a first-hit table are what the rows above leave, in as many pieces as it takes', () => {
    const columns = ['offered_installments', 'offered_amount'];
    const rows = [
      {
        id: 'a',
        when: {
          offered_installments: { from: 12, below: 24 },
          offered_amount: { from: '1000', below: '2000' },
        },
        then: RATE,
      },
      { id: 'b', when: { offered_installments: 'any', offered_amount: 'any' }, then: RATE },
    ];
    const found = bands({ columns, rows, hit: 'first' });
    expect(found.filter((band) => band.startsWith('a'))).toEqual(['a 12-23 1000..2000']);
    const covers = (term: number, amount: number) =>
      found.filter((band) => {
        const [, terms = '', amounts = ''] = band.split(' ');
        const [min, max] = terms.split('-').map(Number);
        const [from, below] = amounts.split('..');
        return (
          term >= Number(min) &&
          term <= Number(max) &&
          amount >= Number(from) &&
          (below === '' || amount < Number(below))
        );
      });
    for (const term of [6, 11, 12, 23, 24, 48])
      for (const amount of [0, 999, 1000, 1999, 2000, 9000]) expect(covers(term, amount)).toHaveLength(1);
  });

  it('remain the same when asked for again, whatever came between', () => {
    const rows = Array.from({ length: 50 }, (_, at) => ({
      id: `r${String(at)}`,
      when: { tenure_months: { from: at, below: at + 1 } },
      then: RATE,
    }));
    const compiled = compiledPolicy(
      policyJson({ tables: [{ ...A_PRICE_TABLE, columns: ['tenure_months'], rows }], test_cases: [] }),
    );
    const rowAt = (months: number) => {
      const prices = priceRows(compiled, { ...GOOD_BORROWER, tenure_months: months });
      return prices.kind === 'match' ? prices.value.map(({ id }) => id) : undefined;
    };
    for (let turn = 0; turn < 2; turn += 1)
      for (let months = 0; months < 50; months += 1) expect(rowAt(months)).toEqual([`r${String(months)}`]);
    expect(rowAt(50)).toBeUndefined();
    expect(rowAt(-1)).toBeUndefined();
  });
});
