import { Decimal } from '../../kernel';
import type { LimitUse, Parties } from './limits';
import { Standings } from './standings';

const NOBODY: Parties = { borrower: undefined, employer: undefined };
const RATE = new Decimal('0.02');
const DAY = '2026-08-18';

const use = (amount: number, cap: number | undefined): LimitUse => ({
  name: 'per_day',
  key: DAY,
  amount: new Decimal(amount),
  cap: cap === undefined ? undefined : new Decimal(cap),
});

describe('what a batch adds to a counter', () => {
  it.each<[string, readonly (readonly [amount: number, cap: number | undefined])[], number | undefined]>([
    [
      'bids of one cap',
      [
        [100, 500],
        [100, 500],
        [100, 500],
      ],
      500,
    ],
    [
      'no cap',
      [
        [100, undefined],
        [100, undefined],
      ],
      undefined,
    ],
    [
      'a lower cap first: what comes after it does not count against it',
      [
        [100, 150],
        [300, 1_000],
      ],
      450,
    ],
    [
      'a lower cap last: what came before counts',
      [
        [300, 1_000],
        [100, 450],
      ],
      450,
    ],
    [
      'the whole is what binds',
      [
        [100, 450],
        [300, 350],
      ],
      350,
    ],
    [
      'a cap, then none',
      [
        [100, 150],
        [300, undefined],
      ],
      450,
    ],
  ])('%s', (_, bids, cap) => {
    const standings = new Standings([], []);
    for (const [amount, own] of bids) standings.reserve(NOBODY, RATE, [use(amount, own)]);
    const [change] = standings.changes();
    expect(change?.cap?.toNumber()).toBe(cap);
    expect(change?.amount.toNumber()).toBe(bids.reduce((sum, [amount]) => sum + amount, 0));
  });
});
