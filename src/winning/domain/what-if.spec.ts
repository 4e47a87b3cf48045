import { finished } from '../../kernel';
import { ARMS, type Propensities } from './exploration';
import { whatIf, type PastBid, type WhatIf } from './what-if';

const PROPENSITIES: Propensities = [500, 1300, 6400, 1300, 500];
/** Wins fall by one in a hundred for each bp, from half. */
const truth = (distance: number): number => 0.5 - distance / 100;

/** A stream between 0 and 1, the same each time. */
function stream(): () => number {
  let state = 7;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function history(
  count: number,
  days: number,
  modelled = truth,
  propensities: Propensities | undefined = PROPENSITIES,
): PastBid[] {
  const random = stream();
  return Array.from({ length: count }, (_, number) => {
    const u = random() * 10_000;
    let [below, at] = [0, 0];
    while (u >= (below += PROPENSITIES[at] ?? 0)) at += 1;
    const arm = ARMS[at] ?? 0;
    return {
      ...{ day: number % days, arm, stepBp: 5, propensities },
      won: random() < truth(arm * 5),
      model: (distance) => ({ win: modelled(distance), worth: 100 }),
    };
  });
}

const asked = (bids: readonly PastBid[], shiftBp: number): WhatIf =>
  finished(whatIf(bids, shiftBp, stream()));

describe('what would have been', () => {
  it.each([-10, -7, -5, 5, 8, 10])('at %s bp is within the interval, though the model is wrong', (shift) => {
    const answer = asked(
      history(20_000, 40, () => 0.5),
      shift,
    );
    if (answer.kind === 'refused') throw new Error(answer.reason);
    // The arms are symmetric: what was bid wins half of the auctions.
    expect(answer.effect.low).toBeLessThan(-shift);
    expect(answer.effect.high).toBeGreaterThan(-shift);
    expect(answer.effectiveSample).toBeGreaterThan(200);
  });

  it('is the same answer to the same question', () => {
    const bids = history(5_000, 25);
    expect(asked(bids, 5)).toEqual(asked(bids, 5));
  });

  it.each([
    ['further than anything tried', history(5_000, 25), 30, 'OUTSIDE_EXPLORED', 0.04],
    ['of too few that were tried there', history(1_000, 25), 10, 'SAMPLE_TOO_SMALL', 0.2],
    ['in too few days', history(5_000, 19), 5, 'TOO_FEW_DAYS', undefined],
    ['of nothing', [], 5, 'TOO_FEW_DAYS', undefined],
    [
      'when chances were not kept',
      history(5_000, 25).map((bid) => ({ ...bid, propensities: undefined })),
      5,
      'NO_PROPENSITIES',
      0.04,
    ],
  ])('is refused %s', (_, bids, shift, reason, shareNeeded) => {
    expect(asked(bids, shift)).toMatchObject({ kind: 'refused', reason, shareNeeded });
  });
});
