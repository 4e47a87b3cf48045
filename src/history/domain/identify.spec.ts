import { identify } from './identify';

describe('identify', () => {
  it.each([
    ['529.982.247-25', 'cpf', '52998224725'],
    [' 52998224725 ', 'cpf', '52998224725'],
    ['11111111111', 'cpf', '11111111111'],
  ])('%s is a CPF', (text, kind, digits) => {
    const found = identify(text);
    expect(found?.kind).toBe(kind);
    expect(found?.kind === 'cpf' && found.cpf.reveal()).toBe(digits);
  });

  it.each([
    ['11.222.333/0001-81', '11222333000181'],
    ['11222333000181', '11222333000181'],
    ['12.ABC.345/01DE-35', '12ABC34501DE35'],
    ['12abc34501de35', '12ABC34501DE35'],
  ])('%s is an employer', (text, document) => {
    expect(identify(text)).toEqual({ kind: 'employer', document });
  });

  it.each(['bd455b89-112f-467f-89f9-5edd80a1c872', '11222333000182', 'OP_1'])('%s is a key', (key) => {
    expect(identify(key)).toEqual({ kind: 'key', key });
  });

  it.each(['', '   ', 'Maria da Silva', "' OR 1=1", 'x'.repeat(201)])(
    '%j is nothing to search for',
    (text) => {
      expect(identify(text)).toBeUndefined();
    },
  );
});
