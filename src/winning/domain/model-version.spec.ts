import { Learner } from './learner';
import { modelVersion, readState, stateDocument, verifyVersion, type ModelDocument } from './model-version';
import { ACCEPTANCE_PRIOR, PAYOUT_PRIOR, WIN_PRIOR } from './priors';

const learner = new Learner({
  segmentation: { axes: ['employer', 'term'].map((name) => ({ name, bands: 2 })) },
  winPrior: WIN_PRIOR,
  acceptancePrior: ACCEPTANCE_PRIOR,
  payoutPrior: PAYOUT_PRIOR,
  payoutGroups: 2,
  drift: { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 },
  alarmDrift: 0.4,
});
const day = learner.afterDay(learner.start, {
  wins: [{ cell: 1, distanceBp: 5, won: 30, second: 12, behind: 9, unranked: 2 }],
  tally: { won: 30, predicted: 25, variance: 12 },
  acceptances: [{ cell: 1, distanceBp: 5, accepted: 20, refused: 10 }],
  payouts: [{ group: 1, paid: 15, failed: 5 }],
});
const state = day.kind === 'learnt' ? day.state : learner.start;
const cell = {
  ratesBp: [250, null],
  stepsFrom: [5_000],
  floorBp: 205,
  ceilingBp: 300,
  exploration: { stepBp: 5, propensities: [100, 400, 9000, 400, 100] as const },
};
const document: ModelDocument = {
  format: 1,
  origin: { mandate: 'm', policy: 'p', assumptions: 'a', parent: undefined, trainedThrough: '2026-11-27' },
  seed: 's',
  prices: ['0'],
  tables: [[cell, cell]],
  spend: [],
  expected: [null, null],
  state: stateDocument(state),
  card: { purpose: 'test' },
};
const EXPECTED = { mandate: 'm', policy: 'p', assumptions: 'a', ageOn: () => 1, mostDays: 3, cells: 2 };
const withCell = (changed: object): ModelDocument => ({
  ...document,
  tables: [[{ ...cell, ...changed }, cell]],
});

describe('a model version', () => {
  it('gives its state back to the bit, through decimal text', () => {
    const version = modelVersion(document);
    const read = verifyVersion(version, EXPECTED);
    if (read.kind === 'fallback') throw new Error(read.reason);
    expect(readState(read.document.state)).toEqual(state);
    expect(modelVersion(read.document)).toEqual(version);
  });

  it('is another one when any byte is another', () => {
    const { hash, text } = modelVersion(document);
    for (const at of [0, 20, text.length >> 1, text.length - 1]) {
      const altered = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
      expect(verifyVersion({ hash, text: altered }, EXPECTED)).toEqual({
        kind: 'fallback',
        reason: 'HASH_MISMATCH',
      });
    }
  });

  it.each([
    ['another policy', document, { policy: 'q' }, 'ORIGIN_CHANGED'],
    ['another mandate', document, { mandate: 'q' }, 'ORIGIN_CHANGED'],
    ['other assumptions', document, { assumptions: 'q' }, 'ORIGIN_CHANGED'],
    ['an old one', document, { ageOn: () => 4 }, 'STALE'],
    ['other segments', document, { cells: 3 }, 'CELLS_MISSING'],
    ['no table', { ...document, tables: [] }, {}, 'CELLS_MISSING'],
    ['a format of tomorrow', { ...document, format: 2 as 1 }, {}, 'FORMAT_UNKNOWN'],
    ['a rate under the floor', withCell({ ratesBp: [204, null] }), {}, 'RATE_OUTSIDE_BOUNDS'],
    ['part of a bp', withCell({ ratesBp: [250.5, null] }), {}, 'RATE_OUTSIDE_BOUNDS'],
    ['a step without a rate', withCell({ ratesBp: [250] }), {}, 'CELLS_MISSING'],
    [
      'propensities that are not whole',
      withCell({ exploration: { stepBp: 5, propensities: [0, 0, 9_999, 0, 0] } }),
      {},
      'PROPENSITIES_BROKEN',
    ],
  ])('is not bid with: %s', (_, written, expected, reason) => {
    const found = verifyVersion(modelVersion(written), { ...EXPECTED, ...expected });
    expect(found).toEqual({ kind: 'fallback', reason });
  });
});
