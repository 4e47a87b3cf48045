import { matching, type Goal } from './goals';

const goal = (name: string, note?: string): Goal => ({
  id: name,
  kind: 'Regra',
  name,
  ...(note !== undefined && { note }),
  to: { to: '/' },
});
const GOALS = [
  goal('Pouco tempo de casa', 'A política exige 6 meses'),
  goal('Política'),
  goal('Exposição máxima no CPF'),
];

describe('where to go', () => {
  it.each([
    ['politica', ['Política', 'Pouco tempo de casa']],
    ['EXPOSICAO cpf', ['Exposição máxima no CPF']],
    ['meses', ['Pouco tempo de casa']],
    ['nada disso', []],
  ])('%s', (text, names) => {
    expect(matching(GOALS, text).map(({ name }) => name)).toEqual(names);
  });

  it('is everything while nothing is written, up to a number', () => {
    expect(
      matching(
        Array.from({ length: 50 }, () => goal('x')),
        '',
      ),
    ).toHaveLength(12);
  });
});
