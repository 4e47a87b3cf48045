import type { Condition } from './document';
import { inWords } from './rule-words';
import type { ValueType } from './values';

const FIELDS: Readonly<Record<string, readonly [string, ValueType, string?]>> = {
  borrower_age: ['Idade', 'integer', 'anos'],
  eligible: ['Elegível', 'boolean'],
  margin: ['Margem', 'amount'],
  offered_rate: ['Taxa', 'rate'],
  employer_root: ['Raiz', 'text'],
};
const words = {
  labelOf: (field: string) => FIELDS[field]?.[0] ?? field,
  typeOf: (field: string) => FIELDS[field]?.[1] ?? 'text',
  unitOf: (field: string) => FIELDS[field]?.[2],
};

describe('rules in words', () => {
  it.each<[Condition, string]>([
    [{ field: 'borrower_age', op: 'gte', value: 18 }, 'Idade no mínimo 18 anos'],
    [{ field: 'eligible', op: 'eq', value: false }, 'Não: elegível'],
    [{ field: 'margin', op: 'lt', value: '1500' }, 'Margem menor que R$ 1.500,00'],
    [{ field: 'offered_rate', op: 'lte', value: '0.0249' }, 'Taxa no máximo 2,49%'],
    [
      { field: 'borrower_age', op: 'between', value: { from: 18, below: 70 } },
      'Idade entre 18 anos e menos de 70 anos',
    ],
    [
      {
        any: [
          { field: 'eligible', op: 'eq', value: true },
          { field: 'employer_root', op: 'not_in', value: { list: 'bloqueados' } },
        ],
      },
      'Elegível ou Raiz não está na lista “bloqueados”',
    ],
    [{ field: 'employer_root', op: 'in', value: ['29113956'] }, 'Raiz é um de 29113956'],
    [{ field: 'employer_root', op: 'in', value: [] }, 'Raiz é um de …'],
    [{ cel: 'margin > decimal("1")' }, 'margin > decimal("1")'],
  ])('%j', (condition, sentence) => {
    expect(inWords(condition, words)).toBe(sentence);
  });
});
