import { Decimal } from '../../kernel';
import { saidBeside, withoutWords } from './contradictions';
import { otherDebtReason, paidOtherwiseReason, paysLessReason, reversalUnreadableReason } from './task';

const reais = (amount: string) => new Decimal(amount);
const paid = (amount: string) => paidOtherwiseReason(reais(amount), reais('2100'));
const otherDebt = otherDebtReason(reais('1900'), reais('2100'));
const told = [paid('600'), paid('1300')];

describe('what cannot be true of a loan', () => {
  it('is told alone where nothing else is', () => {
    expect(saidBeside(undefined, otherDebt, [])).toEqual(otherDebt);
    expect(saidBeside(paid('600'), paid('1300'), told)).toEqual(paid('1300'));
  });

  it('takes the place of nothing else, and is taken back alone', () => {
    const first = saidBeside(otherDebt, paid('600'), told);
    expect(first).toEqual({ code: 'other_debt', message: `${otherDebt.message} ${paid('600').message}` });
    const second = saidBeside(first, paid('1300'), told);
    expect(second.message).toBe(`${otherDebt.message} ${paid('1300').message}`);
    expect(withoutWords(second.message, told)).toBe(otherDebt.message);
    expect(withoutWords(paid('1300').message, told)).toBe('');
  });

  it('is named by the graver, whichever came first', () => {
    expect(saidBeside(paid('600'), otherDebt, []).code).toBe('other_debt');
    expect(saidBeside(paysLessReason(reais('2000'), reais('2100')), paid('600'), []).code).toBe('pays_less');
    expect(saidBeside(otherDebt, reversalUnreadableReason(), []).code).toBe('reversal_unreadable');
  });

  it('is told once', () => {
    const both = saidBeside(otherDebt, paid('600'), []);
    expect(saidBeside(both, otherDebt, [])).toEqual(both);
  });
});
