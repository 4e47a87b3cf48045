import fc from 'fast-check';
import { boundsOf, clamp, monotone, withinSpeed } from './bounds';

const INPUTS = {
  breakEvenBp: 200,
  minimumMarginBp: 5,
  referenceBp: 250,
  railBelowBp: 70,
  railAboveBp: 100,
  ceilingBp: 320,
};

describe('the bounds of a learned rate', () => {
  it.each([
    [
      'break-even and the margin over it are the floor, the law the ceiling',
      {},
      { floorBp: 205, ceilingBp: 320 },
    ],
    ['rails are nearer', { railBelowBp: 10, railAboveBp: 20 }, { floorBp: 240, ceilingBp: 270 }],
    ['nothing is left between them', { ceilingBp: 204 }, undefined],
  ])('%s', (_, changed, expected) => {
    expect(boundsOf({ ...INPUTS, ...changed })).toEqual(expected);
  });

  it('let a rate move by the speed limit', () => {
    expect([300, 200, 255].map((wanted) => withinSpeed(wanted, 250, 10))).toEqual([260, 240, 255]);
    expect(clamp(400, { floorBp: 1, ceilingBp: 300 })).toBe(300);
  });

  it('keep what was declared to rise or fall', () => {
    expect(monotone([10, 30, 20, 40], [1, 1, 1, 1], 'rising')).toEqual([10, 25, 25, 40]);
    expect(monotone([10, 30, 20], [1, 1, 2], 'falling')).toEqual([20, 20, 20]);
    const holds = fc.property(fc.array(fc.integer({ min: 100, max: 400 })), (rates) => {
      const risen = monotone(rates, [], 'rising');
      expect(risen).toHaveLength(rates.length);
      risen.forEach((rate, at) => {
        expect(rate).toBeGreaterThanOrEqual(risen[at - 1] ?? 0);
      });
    });
    fc.assert(holds);
  });
});
