import type { RepaymentView } from './employer-repayment.dto';
import { fairnessSheet, repaymentSheet } from './rate-sheets';

const EMPLOYER: RepaymentView['employers'][number] = {
  mark: 'x',
  document_number: null,
  paid: 1,
  paid_amount: '100.00',
  first_paid: { value: '1.000000', sample: 1, low: 0.2, high: 1 },
  ended: 0,
  expected_loss: '0.00',
  told_loss: '0.00',
};

describe('a sheet of rates', () => {
  it('says how many employers there are when it does not have them all', () => {
    const whole = repaymentSheet({ employers: [EMPLOYER], told_employers: 1 });
    expect(whole.map(([first]) => first)).toEqual(['empregador', 'sem documento']);
    const cut = repaymentSheet({ employers: [EMPLOYER], told_employers: 1812 });
    expect(cut).toEqual([...whole, ['Só 1 de 1.812 empregadores: os que mais deixaram de pagar']]);
  });

  it('says which decisions and how many groups it does not have', () => {
    const whole = {
      by: 'age',
      looked_at: 0,
      suppressed: 0,
      limited_to: null,
      looked_from: null,
      kept_after: null,
      groups: [],
    } as const;
    const sheetOf = (changes: object) => fairnessSheet({ ...whole, groups: [], ...changes }).slice(1);
    expect(sheetOf({})).toEqual([]);
    expect(sheetOf({ suppressed: 2, limited_to: 20_000, looked_from: '2026-08-14T15:00:30.000Z' })).toEqual([
      ['Grupos de menos de 20 decisões deixados de fora: 2'],
      ['Só as 20.000 decisões mais novas do período, recebidas desde 14/08/2026 12:00'],
    ]);
    expect(sheetOf({ kept_after: '2026-08-14T15:00:30.000Z' })).toEqual([
      [
        'Só decisões recebidas depois de 14/08/2026 12:00: antes, os dados de pedidos que não ganhamos já foram apagados',
      ],
    ]);
  });
});
