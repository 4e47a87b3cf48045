import { rateShift, type ShiftedBid } from './rate-shift';
import { shareDifference } from './share-difference';
import { wilsonInterval } from './wilson-interval';

const known = (...steps: readonly (readonly [step: number, won: number, lost: number])[]) =>
  new Map(steps.map(([step, won, lost]) => [step, { won, lost }]));
const bids = (count: number, rate: number, worth: ShiftedBid['worth']): ShiftedBid[] =>
  Array.from({ length: count }, () => ({ rate, worth }));

describe('bids some basis points cheaper', () => {
  const cheaper = bids(100, 25_500, { asBid: 10_000, shifted: 9_000 });

  it('win as bids of that rate won, and earn less each', () => {
    const found = rateShift(known([10, 20, 80], [9, 60, 40]), cheaper, -1_000, 2);
    if (found.verdict === 'refused') throw new Error(found.because);
    // From 21 of 102 to 61 of 102 of two hundred bids; each win 90 reais instead of 100.
    expect(found.wins.value).toBeCloseTo((200 * 40) / 102);
    expect(found.margin?.value).toBeCloseTo(200 * ((61 / 102) * 90 - (21 / 102) * 100));
    expect(found.wins.low).toBeLessThan(found.wins.value);
    expect(found.wins.high - found.wins.value).toBeCloseTo(found.wins.value - found.wins.low);
  });

  it.each([
    ['Há 199 lances', known([10, 99, 100])],
    ['Em 200 lances a taxa de então ou a nova', known([10, 200, 200], [9, 29, 0])],
    ['Em 200 lances a taxa de então ou a nova', known([10, 29, 0], [9, 200, 200])],
  ])('are not judged: %s', (because, ends) => {
    const found = rateShift(ends, cheaper, -1_000, 2);
    expect(found.verdict === 'refused' && found.because).toContain(because);
  });

  it.each([
    ['comes from', 28_000, -1_000],
    ['goes to', 27_000, 1_000],
  ])('are judged without one that %s where the past is silent, on both sides', (_, rate, shift) => {
    const inside = bids(91, 25_500 + Math.max(0, -shift), { asBid: 10_000, shifted: 10_500 });
    const outside = bids(9, rate, { asBid: 10_000, shifted: 10_500 });
    const found = rateShift(known([10, 149, 149], [11, 15, 14]), [...inside, ...outside], shift, 1);
    if (found.verdict === 'refused') throw new Error(found.because);
    expect(found.wins.value).toBeCloseTo(0);
    expect(found.margin?.value).toBeCloseTo(91 * 0.5 * 5);
    expect(found.because).toContain('para onde vão: 9.');
  });

  it('have no margin where too many of them have none', () => {
    const some = [...cheaper.slice(0, 80), ...bids(20, 25_500, undefined)];
    expect(rateShift(known([10, 100, 100], [9, 100, 100]), some, -1_000, 1)).toMatchObject({
      verdict: 'judged',
      margin: undefined,
    });
  });
});

it('two shares differ where the interval of their difference leaves nought out', () => {
  const apart = (a: number, b: number, of: number) => {
    const [one, other] = [wilsonInterval(a, of), wilsonInterval(b, of)];
    if (one === undefined || other === undefined) throw new Error('no trials');
    return shareDifference(one, other);
  };
  // Newcombe's own example: 56 of 70 and 48 of 80 are 0.2 apart, between 0.0524 and 0.3339.
  const [a, b] = [wilsonInterval(56, 70), wilsonInterval(48, 80)];
  if (a === undefined || b === undefined) throw new Error('no trials');
  const newcombe = shareDifference(a, b);
  expect(newcombe.share).toBeCloseTo(0.2);
  expect(newcombe.low).toBeCloseTo(0.0524, 4);
  expect(newcombe.high).toBeCloseTo(0.3339, 4);
  expect(apart(3, 1, 4).low).toBeLessThan(0);
  expect(apart(300, 100, 400).low).toBeGreaterThan(0);
});
