import { Decimal } from '../../kernel';
import type { FieldName } from './fields';
import { compareScalars, readInteger, readScalar } from './scalars';

describe('a value of a policy document', () => {
  it.each<[FieldName, unknown, string | number | boolean]>([
    ['requested_amount', '1500.50', '1500.5'],
    ['requested_amount', '0', '0'],
    ['requested_amount', '3000.0', '3000'],
    ['offered_rate', '0.0250', '0.025'],
    ['tenure_months', 6, 6],
    ['tenure_months', new Decimal('6'), 6],
    ['eligible', false, false],
    ['admission_date', '2024-02-29', '2024-02-29'],
    ['employer_document_type', 'cnpj', 'cnpj'],
    ['employer_root', '29113956', '29113956'],
    ['functional_situation', '0', '0'],
    ['functional_situation', '120', '120'],
  ])('%s: %p is read as %p', (field, raw, value) => {
    expect(readScalar(field, raw)).toEqual({ ok: true, value });
  });

  it.each<[FieldName, unknown, string]>([
    ['requested_amount', 1500, 'esperado um valor em reais'],
    ['requested_amount', '1.500,00', 'esperado um valor em reais'],
    ['requested_amount', '-0.01', 'não pode ser negativo'],
    ['requested_amount', '1.001', 'mais de duas casas'],
    ['requested_amount', '3.000', 'três mil é "3000"'],
    ['requested_amount', '-3.000', 'mais de duas casas'],
    ['offered_rate', 0.0249, 'esperada uma taxa em fração'],
    ['offered_rate', '2,49%', 'esperada uma taxa em fração'],
    ['offered_rate', '-0.0001', 'não pode ser negativa'],
    ['offered_rate', '2.49', 'passa de 100%'],
    ['offered_monthly_cet', '3', 'passa de 100%'],
    ['installment_to_margin', '95', 'passa de 200%'],
    ['tenure_months', '6', 'esperado um número inteiro'],
    ['tenure_months', 6.5, 'esperado um número inteiro'],
    ['tenure_months', 2 ** 53, 'esperado um número inteiro'],
    ['tenure_months', null, 'esperado um número inteiro'],
    ['eligible', 'true', 'esperado true ou false'],
    ['admission_date', '2023-02-29', 'esperada uma data que exista'],
    ['admission_date', '29/02/2024', 'esperada uma data que exista'],
    ['admission_date', 20240229, 'esperada uma data que exista'],
    ['employer_document_type', 'CNPJ', 'não tem a forma'],
    ['employer_root', '2911395', 'oito primeiros caracteres do CNPJ, sem pontos'],
    ['employer_root', '29.113.956/0001-65', 'oito primeiros caracteres do CNPJ, sem pontos'],
    ['employer_root', 29113956, 'oito primeiros caracteres do CNPJ, sem pontos'],
    ['functional_situation', '01', 'sem zeros à esquerda'],
    ['functional_situation', '012', 'sem zeros à esquerda'],
  ])('%s: %p is refused: %s', (field, raw, words) => {
    expect(readScalar(field, raw)).toEqual({ ok: false, message: expect.stringContaining(words) as string });
  });

  it('of a document that was stored with a percentage is still read', () => {
    expect(readScalar('offered_rate', '2.49', true)).toEqual({ ok: true, value: '2.49' });
  });

  it.each([undefined, null, '1', Number.NaN, 1.5, new Decimal('1.5')])('%p is no integer', (raw) => {
    expect(readInteger(raw)).toBeUndefined();
  });
});

describe('the order of two values', () => {
  it.each([
    [2, 10, -8],
    ['2024-02-29', '2024-03-01', -1],
    ['b', 'a', 1],
    ['a', 'a', 0],
    [new Decimal('10'), new Decimal('9.99'), 1],
  ])('%p and %p: %i', (a, b, order) => {
    expect(compareScalars(a, b)).toBe(order);
  });

  it.each([
    [1, '1'],
    ['1', 1],
    [new Decimal(1), 1],
    [1, new Decimal(1)],
    ['1', new Decimal(1)],
    [true, false],
  ])('there is none between %p and %p', (a, b) => {
    expect(() => compareScalars(a, b)).toThrow('two types');
  });
});
