import { winCurve } from './win-curve';

const band = (rate: number, won: number, lost: number) => ({ rate, won, lost });
/** Of a hundred auctions in each band, ten basis points apart, one rival's rate lies evenly over the five bands. */
const EVEN = [100, 75, 50, 25, 0].map((won, at) => band(20_000 + at * 1_000, won, 100 - won));

it('says how far the cheapest rival was: the area under the curve, and over it', () => {
  const { points, nextRival } = winCurve(EVEN);
  expect(points.map(({ smoothed }) => smoothed)).toEqual([1, 0.75, 0.5, 0.25, 0]);
  // At the lowest rate all rivals are above, evenly over 40 bp.
  expect(points.map(({ nextRival: rival }) => rival)).toEqual([
    { aboveWhenWon: 20, belowWhenLost: 0 },
    { aboveWhenWon: 15, belowWhenLost: 5 },
    { aboveWhenWon: 10, belowWhenLost: 10 },
    { aboveWhenWon: 5, belowWhenLost: 15 },
    { aboveWhenWon: 0, belowWhenLost: 20 },
  ]);
  expect(nextRival).toEqual({ aboveWhenWon: 15, belowWhenLost: 15 });
});

it('never rises with the rate: bands that do share their mean, weighted by what has ended', () => {
  const { points } = winCurve([band(20_000, 30, 70), band(21_000, 90, 210), band(22_000, 60, 40)]);
  expect(points.map(({ smoothed }) => smoothed)).toEqual([0.36, 0.36, 0.36]);
});

it.each([
  ['nothing', []],
  ['one rate alone', [band(20_000, 500, 500)]],
  ['too few ends', [band(20_000, 60, 30), band(21_000, 40, 60)]],
  ['a second band of a handful', [band(20_000, 300, 300), band(21_000, 4, 5)]],
])('says nothing of rivals of %s', (_, bands) => {
  expect(winCurve(bands)).toMatchObject({
    points: bands.map(() => ({ nextRival: undefined })),
    nextRival: undefined,
  });
});
