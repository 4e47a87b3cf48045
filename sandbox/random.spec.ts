import { Random } from './random';

const draw = (random: Random): number[] => Array.from({ length: 1000 }, () => random.next());

describe('Random', () => {
  it('repeats itself for one seed and name, and for no other', () => {
    const drawn = draw(new Random(1, 'auction 1'));
    expect(draw(new Random(1, 'auction 1'))).toEqual(drawn);
    expect(draw(new Random(1, 'auction 2'))).not.toEqual(drawn);
    expect(draw(new Random(2, 'auction 1'))).not.toEqual(drawn);
  });

  it('spreads evenly over [0, 1)', () => {
    const drawn = Array.from({ length: 50 }, (_, i) => draw(new Random(i, 'spread'))).flat();
    const tenths = Array.from({ length: 10 }, () => 0);
    expect(drawn.filter((value) => value < 0 || value >= 1)).toEqual([]);
    for (const value of drawn) {
      tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 5000)).toBeLessThan(350); // 5 standard deviations
  });

  it('never draws what weighs nothing, and draws the rest by weight', () => {
    const random = new Random(3, 'weights');
    const drawn = Array.from({ length: 10_000 }, () =>
      random.weighted({ never: 0, rarely: 1, often: 3, neither: 0 }),
    );
    const often = drawn.filter((key) => key === 'often').length;
    expect(new Set(drawn)).toEqual(new Set(['rarely', 'often']));
    expect(Math.abs(often - 7500)).toBeLessThan(250);
  });
});
