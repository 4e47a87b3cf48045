import { Decimal } from '../../kernel';
import { showRange, showScalar, showScalars, type Scalar } from './display';
import type { FieldName } from './fields';

const d = (text: string): Decimal => new Decimal(text);

describe('a value in words', () => {
  it.each<[FieldName, Scalar, string]>([
    ['requested_amount', d('2100'), 'R$ 2.100,00'],
    ['offered_rate', d('0.0249'), '2,49%'],
    ['offered_rate', d('0.0249123456789'), '2,4912%'],
    ['tenure_months', 1, '1 mês'],
    ['tenure_months', 36, '36 meses'],
    ['requested_installments', 24, '24 parcelas'],
    ['eligible', true, 'sim'],
    ['eligible', false, 'não'],
    ['admission_date', '2020-03-10', '10/03/2020'],
    ['employer_document_type', 'cnpj', 'cnpj'],
    ['borrower_cpf', '52998224725', '***'],
    ['employer_document', '29113956000181', '***'],
  ])('%s: %p is %s', (field, value, words) => {
    expect(showScalar(field, value).replaceAll('\u00a0', ' ')).toBe(words);
  });

  const codes = (count: number): string[] => Array.from({ length: count }, (_, i) => String(10 + i));
  it.each<[number, string]>([
    [0, 'nenhum'],
    [2, '10, 11'],
    [10, codes(10).join(', ')],
    [14, `${codes(10).join(', ')} e mais 4`],
  ])('%i of them, no more than ten named', (count, words) => {
    expect(showScalars('employer_document_type', codes(count))).toBe(words);
  });

  it.each<[number | undefined, number | undefined, string]>([
    [6, 12, 'a partir de 6 meses e abaixo de 12 meses'],
    [6, undefined, 'a partir de 6 meses'],
    [undefined, 12, 'abaixo de 12 meses'],
    [undefined, undefined, 'qualquer valor'],
  ])('from %p, below %p', (from, below, words) => {
    expect(showRange('tenure_months', from, below)).toBe(words);
  });
});
