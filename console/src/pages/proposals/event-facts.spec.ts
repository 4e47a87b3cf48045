import { eventFacts } from './event-facts';

describe('what an event of a proposal said', () => {
  it.each([
    [
      { code: 'on_locked_date_range', permitted_from: '2026-12-02' },
      ['código: época bloqueada pela Caixa', 'permitida a partir de 02/12/2026'],
    ],
    [{ links: 1 }, ['1 vínculo']],
    [{ links: 2 }, ['2 vínculos']],
    [{ periods: 1 }, ['1 saque']],
    [{ periods: 0 }, ['0 saques']],
    [{ code: 'new_at_qi' }, ['código: “new_at_qi”, como a QI informou']],
    [{ amounts: ['750.00', '748.10'] }, ['cliente recebe R$\u00a0750,00 ou R$\u00a0748,10']],
    [{ reasons: [{ code: 'X', message: 'Idade de 17.' }], problem: null }, ['Idade de 17.']],
    [
      { fee_table: 'padrao', channel: 'in_person', text_version: '2026-11' },
      ['canal: Presencial', 'texto: 2026-11'],
    ],
    [{ balance_key: '7d0c2f4e', differences: {} }, []],
  ])('%j', (summary, facts) => {
    expect(eventFacts(summary)).toEqual(facts);
  });
});
