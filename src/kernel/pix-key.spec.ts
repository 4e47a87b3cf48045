import { readPixKey } from './pix-key';

const OWN = '52998224725';
const RANDOM = '123e4567-e89b-42d3-a456-426614174000';

describe('a PIX key of a person', () => {
  it.each([
    ['52998224725', '52998224725'],
    [' 529.982.247-25 ', '52998224725'],
    ['+5511987654321', '+5511987654321'],
    ['5511987654321', '+5511987654321'],
    ['+55 (11) 98765-4321', '+5511987654321'],
    ['(11) 98765-4321', '+5511987654321'],
    ['11 98765-4321', '+5511987654321'],
    ['Maria@Exemplo.com.br', 'maria@exemplo.com.br'],
    ['trabalhador@exemplo.com.br', 'trabalhador@exemplo.com.br'],
    [RANDOM.toUpperCase(), RANDOM],
  ])('%j is known to the bank as %s', (typed, known) => {
    expect(readPixKey(typed, OWN)).toBe(known);
  });

  it.each([
    ['15350946056', 'the CPF of another person'],
    ['153.509.460-56', 'the same, punctuated'],
    ['52998224724', 'no CPF at all'],
    ['11987654321', 'a telephone without +55, which a bank reads as a CPF'],
    ['119.876.543-21', 'the same, punctuated as a CPF'],
    ['(11) 3456-7890', 'a telephone that is no mobile'],
    ['(01) 98765-4321', 'of an area that there is not'],
    ['+1 212 555 0100', 'of another country'],
    ['29.113.956/0001-81', 'of a company'],
    ['maria@exemplo', 'no e-mail'],
    [`${'m'.repeat(70)}@exemplo.com`, 'longer than any e-mail that is a key'],
    [RANDOM.replaceAll('-', ''), 'a random key without its dashes'],
    ['1e3', 'a number'],
    ['١٢', 'digits of another script'],
    ['', 'nothing'],
  ])('%j is none: %s', (typed) => {
    expect(readPixKey(typed, OWN)).toBeUndefined();
  });
});
