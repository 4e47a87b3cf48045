import { placeInWords } from './change-words';
import { valueInWords } from './part-words';
import type { ValueType } from './values';

const TYPE: Readonly<Record<string, ValueType>> = {
  tenure_months: 'integer',
  offered_amount: 'amount',
  margin: 'amount',
  political_exposition: 'code',
  running_leave_codes: 'code_list',
  admission_date: 'date',
};
const AMOUNTS = 'de: R$ 3.000,00; até antes de: R$ 10.000,00';
const words = {
  labelOf: (field: string) => (field === 'tenure_months' ? 'Tempo de casa' : field),
  typeOf: (field: string) => TYPE[field] ?? 'text',
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
    ['pacing.bids_per_day', '40', '40 lances'],
    ['tables[precos].rows[t1].then.rebates', '[]', 'nenhum'],
    ['test_cases[Novo].expect.outcome', 'decline', 'recusa'],
    ['test_cases[Novo].facts.tenure_months', '7', '7'],
    ['test_cases[Novo].facts.political_exposition', 'not_exposed', 'não exposta'],
    ['test_cases[Novo].facts.running_leave_codes', '["15","17"]', '15, 17'],
    ['tables[precos].rows[t1].when.offered_amount', '{"from":"3000","below":"10000"}', AMOUNTS],
    ['tables[precos].rows[t1].when.political_exposition', '["not_exposed"]', 'não exposta'],
    [
      'tables[precos].rows[t9]',
      '{"id":"t9","when":{"tenure_months":"any","offered_amount":{"from":"3000","below":"10000"}},"then":{"monthly_interest_rate":"0.0359","rebates":[{"fee_type":"spread","amount_type":"percentage","amount":"2"}]}}',
      `nome: t9; quando: tempo de casa: qualquer; valor ofertado: ${AMOUNTS}; então: taxa: 3,59%; rebates: spread 2,00%`,
    ],
    [
      'rules[margem]',
      '{"id":"margem","code":"TIGHT","sentence":"Pouca.","require":{"field":"margin","op":"gte","value":"1500.5"},"effective":{"from":"2026-12-01"}}',
      'nome: margem; código do motivo: TIGHT; frase: Pouca.; o que exige: margin no mínimo R$ 1.500,50; quando vale: de: 01/12/2026',
    ],
    [
      'rules[margem].require.any',
      '[{"field":"margin","op":"gte","value":"100"},{"field":"admission_date","op":"lt","value":"2020-01-31"}]',
      'margin no mínimo R$ 100,00, admission_date menor que 31/01/2020',
    ],
    [
      'test_cases[Novo]',
      '{"name":"Novo","on":"2026-12-01","window":"on_time","facts":{"margin":"1795.1","admission_date":"2020-07-30"},"expect":{"outcome":"decline","reasons":["EMPLOYER_BLOCKED"]}}',
      'nome: Novo; em: 01/12/2026; momento: antes do encerramento; dados do caso: margem consignável: R$ 1.795,10; data de admissão: 30/07/2020; o que se espera: resultado esperado: recusa; motivos esperados: Empregador bloqueado',
    ],
  ])('%s: %s is %s', (path, value, expected) => {
    expect(valueInWords(value, placeInWords(path, words) ?? {}, words)).toBe(expected);
  });
});
