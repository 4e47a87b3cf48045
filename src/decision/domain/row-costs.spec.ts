import { calendarDate, finished } from '../../kernel';
import { A_PRICE_TABLE, compiledPolicy } from '../../../test/support/policies';
import { A_PROGRAMME } from '../../../test/support/programme';
import { learningPolicy } from '../../../test/support/learning-policies';
import { PricingContext } from '../../pricing/domain';
import { readPricingData } from '../../pricing';
import type { CompiledPolicy } from '../../policy/domain';
import { breakEvenOf } from './cell-terms';
import { checkCosts, rowCosts, usualLoans } from './row-costs';

const world = {
  pricing: new PricingContext(readPricingData('config')),
  programme: A_PROGRAMME,
  on: calendarDate('2026-08-17'),
};
const policy = (rateOfTheOld: string, changes: object = {}) => {
  const json = learningPolicy() as { tables: unknown[]; economics: object };
  const [novos, antigos] = A_PRICE_TABLE.rows;
  const prices = {
    ...A_PRICE_TABLE,
    rows: [novos, { ...antigos, then: { monthly_interest_rate: rateOfTheOld } }],
  };
  return compiledPolicy({
    ...json,
    tables: [prices, ...json.tables.slice(1)],
    economics: { ...json.economics, ...changes },
    learning: undefined,
  });
};

const costsOf = (compiled: Pick<CompiledPolicy, 'policy' | 'economics'>, on = world.on) => {
  const { usual } = finished(usualLoans(compiled, on));
  const known = usual.map(({ key, loans }) => [key, breakEvenOf(loans, loans.inputs, world)] as const);
  return rowCosts(usual, new Map(known));
};

it('works out of each row the usual loan that leaves the least, in the segment it belongs to', () => {
  const rows = costsOf(policy('0.0249'));
  // Half way between the limits: the square root of 500 times 30,000, and of 6 to 24 and 6 to 48 parcels the middle.
  expect(
    rows.map(({ loans: { row, lossRow }, amount, installments }) => [
      row,
      lossRow,
      String(amount),
      installments,
    ]),
  ).toEqual([
    ['novos', 'novos', '3873', 15],
    ['antigos', 'antigos', '3873', 27],
  ]);
  for (const { breakEven, margin } of rows) {
    expect(breakEven?.gt('0.0115')).toBe(true);
    expect(margin?.isPositive()).toBe(true);
  }
});

it.each([
  [{}, 'warning'],
  [{ below_break_even: 'error' }, 'error'],
])('a row under it is what the policy says: %j', (changes, severity) => {
  const cheap = policy('0.0100', changes);
  expect(checkCosts(cheap, costsOf(cheap))).toEqual([
    {
      severity,
      path: 'tables[precos].rows[antigos].then',
      message: expect.stringMatching(
        /^a taxa fica 0,\d+% abaixo do equilíbrio, 1,\d+% ao mês em um empréstimo de R\$\s3\.873,00 em 27 parcelas \(segmento antigos\)$/,
      ) as string,
    },
  ]);
  expect(checkCosts(policy('0.0249', changes), costsOf(policy('0.0249', changes)))).toEqual([]);
});

it('says nothing without economics, nor before their first day', () => {
  const { policy: document } = policy('0.0249');
  expect(costsOf({ policy: document, economics: undefined })).toEqual([]);
  expect(costsOf(policy('0.0249'), calendarDate('2025-12-31'))).toEqual([]);
});
