import { termInWords } from './term-words';

const NBSP = '\u00a0';

describe('a term of a bid that another version has otherwise', () => {
  it.each([
    ['monthlyInterestRate', '0.0257', 'Taxa', '2,57% a.m.'],
    ['monthlyInterestRate', '0.02575', 'Taxa', '2,575% a.m.'],
    ['monthlyCet', '0.0285', 'CET', '2,85% a.m.'],
    ['installmentFaceValue', '1217.1', 'Parcela', `R$${NBSP}1.217,10`],
    ['issueAmount', '3714.36', 'Valor de emissão', `R$${NBSP}3.714,36`],
    ['numberOfInstallments', '24', 'Prazo', '24 parcelas'],
    ['numberOfInstallments', '1', 'Prazo', '1 parcela'],
    ['daysToExpiration', '7', 'Validade da oferta', '7 dias'],
    ['firstDueDate', '2027-02-28', 'Primeiro vencimento', '28/02/2027'],
    [
      'rebates',
      '[{"feeType":"spread","amountType":"percentage","amount":"2"},{"feeType":"tac","amountType":"absolute","amount":"1.5"}]',
      'Rebates',
      'spread 2,00%; tac R$ 1,50',
    ],
    ['rebates', '[]', 'Rebates', 'nenhum'],
    ['somethingNew', 'x', 'somethingNew', 'x'],
  ])('%s: %s', (field, value, name, shown) => {
    expect(termInWords({ field, before: value, after: value })).toEqual({
      name,
      before: shown,
      after: shown,
    });
  });
});
