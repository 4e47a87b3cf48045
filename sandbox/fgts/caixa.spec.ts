import { calendarDate, Decimal } from '../../src/kernel';
import { defaultBehaviour } from '../behaviour';
import { isBankDay } from '../business-days';
import { Caixa } from './caixa';
import { fgtsPlanSchema } from './fgts-plan';

const today = calendarDate('2026-11-27');
const CPF = '11144477735';

describe('Caixa', () => {
  const caixa = () => new Caixa(1, defaultBehaviour);
  const plan = (change: object) => fgtsPlanSchema.parse({ document_number: CPF, ...change });

  it('foresees the same withdrawals for the same CPF: a year apart, on business days, none in the past', () => {
    const foreseen = caixa().foreseen(CPF, today, undefined);
    expect(caixa().foreseen(CPF, today, undefined)).toEqual(foreseen);
    expect(caixa().foreseen('52998224725', today, undefined)).not.toEqual(foreseen);
    const years = foreseen.map((period) => Number(period.dueDate.slice(0, 4)));
    expect(years).toEqual(years.map((_, i) => (years[0] ?? 0) + i));
    expect(foreseen.every((period) => period.dueDate > today && isBankDay(period.dueDate))).toBe(true);
    expect(foreseen.every((period) => period.amount.gt(0) && period.amount.decimalPlaces() <= 2)).toBe(true);
  });

  it.each([
    [5, '2027-05-03'],
    [11, '2027-11-01'],
    [12, '2026-12-01'],
  ])('begins in month %d on %s', (birth_month, due) => {
    expect(caixa().foreseen(CPF, today, plan({ birth_month }))[0]?.dueDate).toBe(due);
  });

  it('takes pledges off what is available until they are released', () => {
    const books = caixa();
    const periods = [
      { due_date: '2027-05-03', amount: '500.10' },
      { due_date: '2028-05-02', amount: '400.20' },
    ];
    const foreseen = books.foreseen(CPF, today, plan({ periods }));
    const available = (): string[] =>
      books.available(CPF, foreseen).map((period) => period.amount.toFixed(2));
    books.pledge('one', CPF, [{ dueDate: calendarDate('2027-05-03'), amount: new Decimal('500.10') }]);
    books.pledge('two', CPF, [{ dueDate: calendarDate('2028-05-02'), amount: new Decimal('0.20') }]);
    books.pledge('other', '52998224725', foreseen);
    expect([available(), books.activeContracts(CPF)]).toEqual([['400.00'], 2]);
    books.release('one');
    expect([available(), books.activeContracts(CPF)]).toEqual([['500.10', '400.00'], 1]);
  });
});
