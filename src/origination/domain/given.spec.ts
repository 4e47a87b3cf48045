import { parseJson } from '../../kernel';
import { fgtsWishes } from './products/fgts';

describe('an amount that somebody gives', () => {
  it.each([
    ['"1234.56"', '1234.56'],
    ['1234.5', '1234.50'],
    ['300', '300.00'],
  ])('%s is %s', (json, expected) => {
    const wishes = fgtsWishes.parse(parseJson(`{"kind":"target","amount":${json}}`));
    expect(wishes.kind === 'target' && wishes.amount.toFixed(2)).toBe(expected);
  });

  it.each(['"1.234,56"', '0', '-1', '0.001', '"1.500"', '1000001', 'true', '"1e3"', 'null'])(
    '%s is none',
    (json) => {
      const read = fgtsWishes.safeParse(parseJson(`{"kind":"target","amount":${json}}`));
      expect(read.error?.issues).toMatchObject([
        { path: ['amount'], message: 'informe um valor em reais, como 1234.56' },
      ]);
    },
  );
});
