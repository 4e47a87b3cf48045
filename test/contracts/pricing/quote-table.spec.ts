import { Decimal } from '../../../src/kernel';
import { PRINTED, quoted } from '../../support/printed-quote';
import { renderQuoteTable } from './quote-table';

test('the table for people', () => {
  const fees = [
    { feeType: 'tac', amountType: 'absolute' as const, amount: new Decimal('2.5') },
    { feeType: 'insurance', amountType: 'percentage' as const, amount: new Decimal('0.5') },
  ];
  expect(renderQuoteTable(quoted({ ...PRINTED, contractFees: fees })).split('\n')).toMatchInlineSnapshot(`
   [
     "issue amount                                  194.80",
     "IOF, daily part                           0.62443043",
     "IOF, flat part                               0.74024",
     "IOF                                            -1.36",
     "fee tac (fixed)                                -2.50",
     "fee insurance (0.5%)                           -0.97",
     "paid out to the borrower                      189.97",
     "rebate spread (1%), tax 0.18, net 1.77          1.95",
     "paid by the purchaser                         196.75",
     "rate a month                                  0.0205",
     "rate a year (calendar_days)               0.27572219",
     "CET a month                                   0.0411",
     "CET a year, from the rounded month      0.6214716422",
     "CET a year, exact                       0.6215409968",
     "",
     "#         due        paid  days  workdays            owed      interest   amortisation           IOF   total",
     "1  2023-04-07  2023-04-10    24        17  194.8000000000  3.1882715773  96.8117284227  0.1905254815  100.00",
     "2  2023-05-07  2023-05-08    30        18   97.9882715773  2.0088192272  97.9911807728  0.4339049485  100.00",
     "",
   ]
  `);
});
