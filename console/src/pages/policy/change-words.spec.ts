import { placeInWords, valueInWords } from './change-words';

const words = {
  labelOf: (field: string) => (field === 'tenure_months' ? 'Tempo de casa' : field),
  typeOf: () => 'integer' as const,
};

describe('changes in words', () => {
  it.each([
    ['tables[precos].rows[t1].then.monthly_interest_rate', 'Linha t1 de precos: taxa'],
    ['tables[precos].rows[t1].when.tenure_months.below', 'Linha t1 de precos: tempo de casa até antes de'],
    ['tables[precos].rows[t1]', 'Linha t1 de precos'],
    ['tables[precos].rows (ordem)', 'Tabela precos: ordem das linhas'],
    ['tables[precos].columns', 'Tabela precos: colunas de entrada'],
    ['tables[novos]', 'Tabela novos'],
    ['rules[idade].require.value', 'Regra idade: o que exige'],
    ['rules[idade]', 'Regra idade'],
    ['lists[cpfs].entries', 'Lista cpfs: itens'],
    ['test_cases[Novo].facts.tenure_months', 'Caso de teste Novo: tempo de casa'],
    ['test_cases[Novo].expect.outcome', 'Caso de teste Novo: resultado esperado'],
    ['test_cases[Todos os motivos]', 'Caso de teste Todos os motivos'],
    ['exposure.per_day', 'Exposição: por dia'],
    ['late_bidding.limits.amount.minimum', 'Depois do encerramento: valor mínimo'],
    ['name', 'Nome da política'],
    [
      'economics.inputs[2026-08-01].funding_monthly_rate',
      'Margem dos lances, a partir de 01/08/2026: custo do funding (a.m.)',
    ],
    ['economics.inputs[2026-08-01].losses', 'Margem dos lances, a partir de 01/08/2026: tabela de perdas'],
    ['tables[perdas].rows[todos].then.expected_loss_rate', 'Linha todos de perdas: perda esperada'],
    ['products.fgts.tables[precos].rows[t1]', 'FGTS saque-aniversário · Linha t1 de precos'],
    ['products.federal_payroll.limits.amount.minimum', 'SIAPE · Oferta: valor mínimo'],
    [
      'products.fgts.settings.snapshot_max_age_hours',
      'FGTS saque-aniversário · Consulta e desembolso: validade da consulta de saldo',
    ],
  ])('%s is "%s"', (path, expected) => {
    expect(placeInWords(path, words)?.words).toBe(expected);
  });

  it('leaves to the path what nobody has a word for', () => {
    expect(placeInWords('pricing.something_new', words)).toBeUndefined();
    expect(placeInWords('rules (ordem)', words)).toBeUndefined();
  });

  it.each([
    ['tables[precos].rows[t1].then.monthly_interest_rate', '0.0269', '2,69%'],
    ['exposure.per_day', '1500000', 'R$ 1.500.000,00'],
    ['pacing.bids_per_day', '40', '40'],
    ['tables[precos].rows[t1].then.rebates', '[]', 'nenhum'],
    ['test_cases[Novo].expect.outcome', 'decline', 'recusa'],
    ['test_cases[Novo].facts.tenure_months', '7', '7'],
    [
      'test_cases[Novo]',
      '{"name":"Novo","facts":{"margin":"300"},"expect":{"outcome":"accept"}}',
      'nome: Novo; dados do caso: margem consignável: 300; o que se espera: resultado esperado: aceita',
    ],
  ])('%s: %s is %s', (path, value, expected) => {
    expect(valueInWords(value, placeInWords(path, words)?.type)).toBe(expected);
  });
});
