import fc from 'fast-check';
import { cnpjRoot, isValidCnpj, normalizeCnpj, punctuatedCnpj } from './cnpj';

describe('a CNPJ', () => {
  it.each([
    ['29.113.956/0001-81', '29113956000181'],
    ['29113956000181', '29113956000181'],
    ['1272247000120', '01272247000120'],
    ['12abc34501de35', '12ABC34501DE35'],
    ['12.ABC.345/01DE-35', '12ABC34501DE35'],
  ])('is read from %p', (text, cnpj) => {
    expect(normalizeCnpj(text)).toBe(cnpj);
  });

  it.each(['', ' . ', '291139560001810', '29113956_00181', '12ABC34501DEA5', '12ABC34501DE3Ç'])(
    'is not read from %p',
    (text) => {
      expect(normalizeCnpj(text)).toBeUndefined();
    },
  );

  it.each([
    ['29113956000181', true],
    ['01272247000120', true],
    ['12ABC34501DE35', true], // the example of the Receita Federal for the alphanumeric form
    ['12ABC34501DE53', false],
    ['12ABC34501DF35', false],
    ['29113956000182', false],
    ['29113956000191', false],
    ['00000000000000', false],
    ['11111111111111', false],
    ['29.113.956/0001-81', false],
    ['', false],
  ])('%s: check digits right is %p', (cnpj, valid) => {
    expect(isValidCnpj(cnpj)).toBe(valid);
  });

  it.each([
    ['00000000000191', '00.000.000/0001-91'],
    ['12ABC34501DE35', '12.ABC.345/01DE-35'],
    ['***', '***'],
    ['00737823780', '00737823780'],
  ])('%p is written as %p', (text, written) => {
    expect(punctuatedCnpj(text)).toBe(written);
  });

  it('with a digit changed is not valid', () => {
    const body = fc.string({
      unit: fc.constantFrom(...Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ')),
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(
        body,
        fc.integer({ min: 12, max: 13 }),
        fc.integer({ min: 1, max: 9 }),
        (text, place, shift) => {
          const all = Array.from({ length: 100 }, (_, pair) => text + String(pair).padStart(2, '0'));
          const valid = all.filter(isValidCnpj);
          expect(valid.length).toBe(text === '000000000000' ? 0 : 1);
          const [cnpj] = valid;
          if (cnpj === undefined) return;
          const wrong = String((Number(cnpj[place]) + shift) % 10);
          expect(isValidCnpj(cnpj.slice(0, place) + wrong + cnpj.slice(place + 1))).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has the company in its first eight characters', () => {
    expect(cnpjRoot('12ABC34501DE35')).toBe('12ABC345');
  });
});
