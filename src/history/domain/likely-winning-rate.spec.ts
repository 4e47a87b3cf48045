import { Decimal } from '../../kernel';
import { likelyWinningRate } from './likely-winning-rate';

const band = (from: string, bids: number, won: number) => ({ from: new Decimal(from), bids, won });

describe('the rate that would likely have won', () => {
  it.each([
    [
      'the dearest band that won every second time',
      [band('0.018', 20, 18), band('0.02', 20, 10), band('0.022', 20, 9)],
      '0.02',
    ],
    ['none above our own bid', [band('0.018', 20, 18), band('0.025', 20, 20)], '0.018'],
    ['none of too few bids', [band('0.018', 9, 9)], undefined],
    ['none that wins', [band('0.018', 100, 49)], undefined],
    ['none at our own rate', [band('0.0249', 20, 20)], undefined],
    ['nothing is known', [], undefined],
  ])('%s', (_, bands, rate) => {
    expect(likelyWinningRate(bands, new Decimal('0.0249'))?.from.toFixed()).toBe(rate);
  });
});
