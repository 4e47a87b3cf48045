import fc from 'fast-check';
import { doubtsOf } from './doubts';
import { learnedShare, lifeOf, type LifeInputs } from './life';
import { Night, type NightResult } from './night';
import { priceStepNow } from './night-tables';
import type { NightFigures } from './night-figures';
import type { NightTerms } from './night-terms';
import { railed } from './rails';
import type { TableCell } from './rate-table';
import type { ObservedDay, ObservedSum } from './observations';
import { ACCEPTANCE_PRIOR, PAYOUT_PRIOR, WIN_PRIOR } from './priors';
import type { CellTerms } from './choose-rate';

const CELL: CellTerms = {
  referenceBp: 250,
  floorBp: 220,
  ceilingBp: 300,
  marginPerReal: (rateBp) => 0.03 + (rateBp - 220) * 0.0011,
  costOfLoan: 45,
  amounts: [2_000, 5_000, 10_000],
  payoutGroup: 0,
};
const TERMS: NightTerms = {
  settings: {
    segmentation: { axes: ['term', 'amount'].map((name) => ({ name, bands: 2 })) },
    winPrior: WIN_PRIOR,
    acceptancePrior: ACCEPTANCE_PRIOR,
    payoutPrior: PAYOUT_PRIOR,
    payoutGroups: 2,
    drift: { slack: 0.75, alarmAt: 5, quietDays: 8, alarmDays: 2 },
    alarmDrift: 0.4,
  },
  references: [250, 250, 250, 250],
  cells: [CELL, CELL, CELL, undefined],
  declarations: [{ axis: 'term', direction: 'rising' }],
  limits: {
    speedLimitBp: 10,
    exploration: {
      stepsBp: [5, 10, 15],
      searching: [500, 1_300, 6_400, 1_300, 500],
      certain: [100, 400, 9_000, 400, 100],
      partOfVariance: 0.1,
      budget: 0.04,
    },
  },
  minimumBids: 100,
  validityDays: 3,
  acceptedAfter: 3,
  paidAfter: 8,
  through: '2026-08-17',
  watchedFrom: '',
  lastTables: [],
  dailyFunding: undefined,
  learnedShare: 1,
};
const sum = (changes: Partial<ObservedSum> = {}): ObservedSum => ({
  ...{
    cell: 0,
    lane: 'table',
    rateBp: 250,
    arm: 0,
    stepBp: 0,
    requests: 10,
    won: 5,
    second: 2,
    behind: 2,
    unranked: 1,
  },
  ...{ accepted: 3, refused: 2, paid: 2, failed: 1, amount: 50_000, wonAmount: 25_000 },
  ...{ stopped: 0, stoppedAmount: 0 },
  ...changes,
});
const NO_PRICE = { perReal: 0, of: 'won' } as const;
const days = (
  count: number,
  sums: readonly ObservedSum[],
  until = '2026-08-17',
  priceOfMoney: ObservedDay['priceOfMoney'] = NO_PRICE,
): readonly ObservedDay[] =>
  Array.from({ length: count }, (_, at) => ({
    day: new Date(Date.parse(until) - (count - 1 - at) * 86_400_000).toISOString().slice(0, 10),
    sums,
    priceOfMoney,
  }));
const spent = (observed: readonly ObservedDay[], changes: Partial<NightTerms> = {}): NightResult => {
  const night = new Night({ ...TERMS, ...changes });
  for (const day of observed) night.day(day);
  return night.finish();
};
const learnt = (observed: readonly ObservedDay[], changes: Partial<NightTerms> = {}) => {
  const result = spent(observed, changes);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result;
};

describe('a night', () => {
  it.each<[string, readonly ObservedDay[], Partial<NightTerms>, string]>([
    ['nothing', [], {}, 'TOO_FEW_BIDS'],
    ['a handful', days(5, [sum()]), {}, 'TOO_FEW_BIDS'],
    ['days gone by', [...days(20, [sum()], '2026-08-13'), ...days(4, [])], {}, 'GAP_IN_TIME'],
    ['one arm of five', days(30, [sum({ lane: 'learned', stepBp: 5, arm: 1 })]), {}, 'ONE_ARMED'],
    [
      'a cell that is not there',
      days(20, [sum({ cell: 9 })]),
      { references: Array.from({ length: 10 }, () => 250) },
      'CELL_UNKNOWN',
    ],
    ['half an end', days(20, [sum({ won: 4.5 })]), {}, 'NOT_A_COUNT'],
    ['a rate between two steps', days(20, [sum({ rateBp: 250.5 })]), {}, 'RATE_NOT_WHOLE'],
    [
      "a policy's own rate between two steps",
      days(20, [sum()]),
      { references: [250, 250, 250, 250.5] },
      'RATE_NOT_WHOLE',
    ],
    ['no room', days(20, [sum()]), { cells: [undefined, undefined, undefined, undefined] }, 'NO_ROOM'],
  ])('makes nothing of %s, and says which', (_, observed, changes, reason) => {
    expect(spent(observed, changes)).toEqual({ kind: 'refused', reason });
  });

  it('makes of the same rows, in whichever order, the same to the byte', () => {
    const sums = [sum(), sum({ cell: 1, rateBp: 255 }), sum({ rateBp: 245, lane: 'control' })];
    expect(learnt(days(20, sums))).toEqual(learnt(days(20, sums.toReversed())));
  });

  it('keeps bounds, the speed limit and the cells that do not learn', () => {
    const last = learnt(days(20, [sum()])).tables;
    const inside = fc.property(fc.nat(10), fc.nat(3), (won, cell) => {
      const { tables, largestMoveBp } = learnt(
        days(15, [sum({ cell, won, second: 10 - won, behind: 0, unranked: 0 })]),
        {
          lastTables: last,
        },
      );
      expect(largestMoveBp).toBeLessThanOrEqual(10);
      for (const rate of tables[0]?.slice(0, 3).flatMap(({ ratesBp }) => ratesBp) ?? [])
        expect(rate === null || (rate >= 220 && rate <= 300)).toBe(true);
      expect(tables[0]?.[3]).toMatchObject({ ratesBp: [250, 250, 250], floorBp: 250, ceilingBp: 250 });
    });
    fc.assert(inside, { numRuns: 15 });
  });

  it('prices scarce money so that a day lends no more, and a cap of zero makes no price', () => {
    const scarce = learnt(days(20, [sum({ requests: 40, amount: 200_000 })]), { dailyFunding: 5_000 });
    expect(scarce.tables.length).toBeGreaterThan(1);
    const lent = scarce.spend.map((step) => step.reduce((total, each) => total + each.lent, 0));
    expect(lent).toEqual(lent.toSorted((a, b) => b - a));
    expect(learnt(days(20, [sum()]), { dailyFunding: 0 }).prices).toEqual([0]);
  });

  it('foresees what is won, which takes of the funds whatever becomes of it, also in cells that do not learn', () => {
    const lane = (cell: number) => sum({ cell, requests: 40, amount: 200_000 });
    const spendOf = (cells: readonly number[], dailyFunding: number, references = TERMS.references) => {
      const { spend, prices } = learnt(days(20, cells.map(lane)), { dailyFunding, references });
      return {
        isPriced: prices.length > 1,
        free: spend[0]?.reduce((all, { lent }) => all + lent, 0) ?? 0,
        dearest: spend.at(-1)?.reduce((all, { lent }) => all + lent, 0) ?? 0,
      };
    };
    // Of two hundred thousand reais about half is won, and of that not half is paid out.
    expect(spendOf([0], 80_000).isPriced).toBe(true);
    expect(spendOf([0], 200_000).isPriced).toBe(false);
    const [alone, beside] = [spendOf([0], 5_000), spendOf([0, 3], 120_000)];
    expect(alone.dearest).toBe(0);
    expect(beside.free - alone.free).toBeCloseTo(beside.dearest, -3);
    expect(beside.dearest).toBeGreaterThan(80_000);
    // No price would leave anything of it to others.
    expect(spendOf([0, 3], 80_000).isPriced).toBe(false);
    // What came while a row was for it takes nothing once none is: it is not bid for.
    expect(spendOf([0, 3], 80_000, [250, 250, 250, undefined])).toEqual(spendOf([0], 80_000));
  });

  it('foresees what the lanes of the table win at any price, so that a canary is not priced out to pay for them', () => {
    const spendOf = (learnedShare: number, dailyFunding: number): readonly number[] =>
      learnt(days(20, [sum({ requests: 40, amount: 200_000 })]), { dailyFunding, learnedShare }).spend.map(
        (step) => step.reduce((all, { lent }) => all + lent, 0),
      );
    // Some 98,000 reais are won where money has no price, nine tenths of it by the table's bids of a canary.
    expect(spendOf(0.1, 40_000)).toEqual([]);
    const [canary, active] = [spendOf(0.1, 92_000), spendOf(0.9, 40_000)];
    expect(canary.at(-1)).toBeGreaterThan(80_000);
    expect(canary[5]).toBeLessThanOrEqual(92_000);
    expect(active.at(-1)).toBeGreaterThan(8_000);
    expect(active[5]).toBeLessThanOrEqual(40_000);
  });

  it('foresees what the day’s money stopped too: else its price would be nothing, and it would stop the same again', () => {
    const seen = sum({ requests: 20, amount: 100_000 });
    const stopped = { ...seen, stopped: 20, stoppedAmount: 100_000 };
    const none = sum({
      ...{ lane: 'control', requests: 0, won: 0, second: 0, behind: 0, unranked: 0, accepted: 0, refused: 0 },
      ...{ paid: 0, failed: 0, amount: 0, wonAmount: 0, stopped: 20, stoppedAmount: 100_000 },
    });
    const of = (...sums: readonly ObservedSum[]) =>
      learnt(days(20, sums), { dailyFunding: 60_000, learnedShare: 0.9 });
    expect(of(seen).prices).toEqual([0]);
    expect(of(stopped).prices[5]).toBeGreaterThan(0);
    expect(of(seen, none).prices).toEqual(of(stopped).prices);
    // It was no bid: nothing else is learnt from it.
    expect(of(stopped)).toMatchObject({ state: of(seen).state });
    const rails = expect.anything() as object;
    expect({ ...of(stopped).figures, rails }).toEqual(of(seen).figures);
  });

  it('asks the price of the day, not the dearest, where what is bid for at any price takes all that is left', () => {
    const lane = (cell: number, each: number) => sum({ cell, requests: 40, amount: 40 * each });
    const observed = days(20, [lane(0, 2_000), lane(1, 5_000), lane(2, 1_500)]);
    const canary = learnt(observed, { dailyFunding: 160_000, learnedShare: 0.1 });
    const stepAtNoon = (left: number, night: Parameters<typeof priceStepNow>[0] = canary) =>
      priceStepNow(night, left, 0.5);
    const learnedAt = (step: number) =>
      (canary.spend[step] ?? []).reduce((all, { lent }) => all + lent, -canary.spendAtAnyPrice);
    // Of half a day the table's lanes take some 76,250 reais, and the canary up to 8,050.
    expect([85_000, 80_000, 77_000, 76_200, 1].map((left) => stepAtNoon(left))).toEqual([0, 5, 8, 5, 5]);
    expect(learnedAt(5)).toBeGreaterThan(7_000);
    expect(learnedAt(10)).toBeCloseTo(0, -1);
    // Rows that may not learn.
    const beside = learnt(days(20, [lane(0, 5_000), lane(3, 5_000)]), { dailyFunding: 120_000 });
    expect(stepAtNoon(40_000, beside)).toBe(5);
    // Nothing is bid for at any price: the dearest keeps what is left for the best.
    expect(stepAtNoon(5_000, learnt(observed, { dailyFunding: 80_000 }))).toBeGreaterThan(5);
    // Of a version that does not tell it apart.
    expect(stepAtNoon(40_000, { spend: canary.spend })).toBe(10);
    expect(stepAtNoon(40_000, { spend: [] })).toBe(0);
  });
});

const atRates = (...ratesBp: (number | null)[]): TableCell => ({
  ...{ ratesBp, stepsFrom: [3_000], floorBp: 220, ceilingBp: 300 },
  exploration: { stepBp: 5, propensities: [0, 0, 10_000, 0, 0] },
});

describe('rates at an end of their bounds', () => {
  const requests = [2_000, 2_000, 2_000, 5_000].map((amount) => ({ cell: 0, amount }));
  it.each<[string, TableCell, TableCell | undefined, readonly [number, number, number]]>([
    ['within', atRates(250, 260), atRates(250, 260), [0, 0, 0]],
    ['come up to the ceiling', atRates(300, 260), atRates(290, 260), [0, 0.75, 0.75]],
    ['were there the night before', atRates(300, 260), atRates(300, 260), [0, 0.75, 0]],
    [
      'lay at a ceiling that was raised',
      atRates(300, 260),
      { ...atRates(295, 260), ceilingBp: 295 },
      [0, 0.75, 0],
    ],
    ['climb from one since', atRates(300, 260), { ...atRates(295, 260), climbing: [0] }, [0, 0.75, 0]],
    ['climb at another amount', atRates(300, 260), { ...atRates(295, 260), climbing: [1] }, [0, 0.75, 0.75]],
    [
      'began to learn',
      atRates(300, 260),
      { ...atRates(295, 260), ...{ floorBp: 295, ceilingBp: 295 } },
      [0, 0.75, 0.75],
    ],
    ['were over it when it fell', atRates(300, 260), atRates(310, 260), [0, 0.75, 0]],
    ['were not bid at all', atRates(300, 260), atRates(null, 260), [0, 0.75, 0]],
    ['have no night before', atRates(300, 260), undefined, [0, 0.75, 0]],
    ['lie at the floor', atRates(250, 220), atRates(250, 230), [0.25, 0, 0]],
    ['have no room', { ...atRates(250, 250), floorBp: 250, ceilingBp: 250 }, undefined, [0, 0, 0]],
  ])('%s', (_, table, last, [atFloor, atCeiling, newAtCeiling]) => {
    expect(railed([table], last && [last], requests)).toEqual({ atFloor, atCeiling, newAtCeiling });
  });

  const under = (ceilingBp: number): Partial<NightTerms> => {
    const cell = { ...CELL, ceilingBp };
    return { cells: [cell, cell, cell, undefined] };
  };
  /** What can be won at any rate, night after night from the table's on. */
  const nights = (ceilings: readonly number[]) => {
    const observed = days(20, [
      sum({ requests: 400, won: 399, second: 1, behind: 0, unranked: 0, amount: 2_000_000 }),
    ]);
    const table = { ...atRates(250, 250, 250), floorBp: 250, ceilingBp: 250 };
    const made: ReturnType<typeof learnt>[] = [];
    for (const ceilingBp of ceilings) {
      const lastTables = made.at(-1)?.tables ?? [Array.from({ length: 4 }, () => table)];
      made.push(learnt(observed, { ...under(ceilingBp), lastTables }));
    }
    return made.map(({ tables, figures }) => [tables[0]?.[0]?.ratesBp[1], figures.rails.newAtCeiling]);
  };

  it('that people raised it are no news, however many nights it takes them to come up to it again', () => {
    expect(nights([270, 270, 270, 275])).toEqual([
      [260, 0],
      [270, 1],
      [270, 0],
      [275, 0],
    ]);
    expect(nights([270, 270, 270, 285, 285, 285, 290]).slice(3)).toEqual([
      [280, 0],
      [285, 0],
      [285, 0],
      [290, 0],
    ]);
    // The raise found it on its way.
    expect(nights([280, 285, 285, 285]).slice(1)).toEqual([
      [270, 0],
      [280, 0],
      [285, 1],
    ]);
  });
});

describe('the margin of a request over the control', () => {
  const lane = (name: ObservedSum['lane'], rateBp: number): ObservedSum =>
    sum({ lane: name, rateBp, stepBp: 5 });
  const notBid = sum({
    ...{ lane: 'learned', rateBp: undefined, won: 0, second: 0, behind: 0, unranked: 0 },
    ...{ accepted: 0, refused: 0, paid: 0, failed: 0, wonAmount: 0 },
  });
  const figuresOf = (sums: readonly ObservedSum[], changes: Partial<NightTerms> = {}) =>
    learnt(days(20, [...sums, lane('control', 250)]), changes).figures;
  const bounded = (floorBp: number, ceilingBp: number): Partial<NightTerms> => {
    const cell = { ...CELL, floorBp, ceilingBp };
    return { cells: [cell, cell, cell, undefined] };
  };

  it.each([
    [235, 240, 300],
    [290, 220, 270],
    [235, 250, 250],
  ])('at %s bp is the same within the bounds from %s to %s', (rateBp, floorBp, ceilingBp) => {
    const bids = [lane('learned', rateBp), { ...lane('learned', rateBp + 5), arm: 1 }];
    const [before, now] = [figuresOf(bids), figuresOf(bids, bounded(floorBp, ceilingBp))];
    expect(now.margin?.mean).toBeCloseTo(before.margin?.mean ?? NaN, 6);
    expect(now.exploration.cost).toBeCloseTo(before.exploration.cost, 6);
  });

  it('is of every request, also of those that no rate was worth bidding for', () => {
    const bids = [lane('learned', 255), { ...lane('learned', 260), arm: 1 }];
    const [all, fewer] = [bids, [...bids, notBid]].map((sums) => figuresOf(sums).margin?.mean ?? NaN);
    expect(fewer).toBeLessThan(all ?? NaN);
    const watchedFrom = '2026-08-19';
    expect(figuresOf([...bids, notBid], { watchedFrom }).marginDays).toBe(0);
  });

  it('takes the price of scarce money off both: a request left to others for its sake is no loss', () => {
    const bids = [lane('learned', 255), { ...lane('learned', 260), arm: 1 }, notBid, notBid];
    const marginAt = (perReal: number) =>
      learnt(days(20, [...bids, lane('control', 250)], '2026-08-17', { perReal, of: 'won' })).figures.margin;
    expect(marginAt(0)?.high).toBeLessThan(0);
    // A win of 5,000 at the table's rate brings some 110 reais, as not half are paid out: its money could bring 125.
    expect(marginAt(0.025)?.low).toBeGreaterThan(0);
  });
});

describe('the margin over the control of days that a release before priced by what is lent', () => {
  const lane = (changes: Partial<ObservedSum>): ObservedSum =>
    sum({ lane: 'learned', stepBp: 5, ...changes });
  const notBid = lane({
    ...{ rateBp: undefined, won: 0, second: 0, behind: 0, unranked: 0 },
    ...{ accepted: 0, refused: 0, paid: 0, failed: 0, wonAmount: 0 },
  });
  const marginOf = (sums: readonly ObservedSum[], price: ObservedDay['priceOfMoney']): number | undefined =>
    learnt(days(20, sums, '2026-08-17', price)).figures.margin?.mean;

  it('takes the price off what becomes a loan alone', () => {
    const sums = [
      lane({ rateBp: 255 }),
      lane({ rateBp: 260, arm: 1 }),
      notBid,
      sum({ lane: 'control', stepBp: 5 }),
    ];
    expect(marginOf(sums, { perReal: 0.0225, of: 'lent' })).toBeCloseTo(-6.97, 1);
    expect(marginOf(sums, { perReal: 0.0225, of: 'won' })).toBeCloseTo(2.45, 1);
  });

  it('returns no bid of a version that won twice as much as the control, for a price that it never had to pay', () => {
    const twice = { won: 8, second: 1, behind: 1, unranked: 0, wonAmount: 40_000 };
    const sums = [
      lane({ rateBp: 235, ...twice }),
      lane({ rateBp: 240, arm: 1, ...twice }),
      sum({ lane: 'control', stepBp: 5 }),
    ];
    expect(marginOf(sums, { perReal: 0.018, of: 'lent' })).toBeGreaterThan(0);
    expect(marginOf(sums, { perReal: 0.018, of: 'won' })).toBeLessThan(0);
  });
});

describe('what trying costs', () => {
  const learned = (arm: number, requests: number): ObservedSum =>
    sum({ lane: 'learned', rateBp: 250 + 5 * arm, arm, stepBp: 5, requests, amount: 5_000 * requests });
  const costOf = (sums: readonly ObservedSum[]) => learnt(days(20, sums)).figures.exploration;

  it('counts bids beside their cell’s own rate, and none of the table', () => {
    const cost = costOf([learned(0, 9), learned(1, 1), learned(-1, 1), sum({ lane: 'control' })]);
    expect(cost).toMatchObject({ days: 20, bids: 220, tried: 40, budget: 0.04 });
    expect(cost.expected).toBeGreaterThan(0);
    expect(Math.abs(cost.cost)).toBeLessThan(cost.expected);
  });

  it('forgets after thirty days, and is nothing without trying', () => {
    const tried = days(10, [learned(0, 9), learned(1, 1)], '2026-07-18');
    const { exploration } = learnt([...tried, ...days(30, [learned(0, 10)])]).figures;
    expect(exploration).toMatchObject({ days: 30, bids: 300, tried: 0, cost: 0 });
  });

  it('is more the further beside', () => {
    const [near, far] = [1, 2].map((arm) => costOf([learned(0, 9), learned(arm, 1), learned(-arm, 1)]).cost);
    expect(far).toBeGreaterThan(near ?? NaN);
  });
});

describe('how far predicted and true wins differ', () => {
  const cells = (each: number, shares: readonly number[]): readonly ObservedSum[] =>
    shares.map((share, cell) => {
      const won = Math.round(each * share);
      const ends = { requests: each, won, second: 0, behind: each - won, unranked: 0 };
      return sum({ cell, ...ends, ...{ accepted: won, refused: 0, paid: won, failed: 0 } });
    });

  it.each([[250], [1_000]])('is nothing where cells of %d ends win each day what they always win', (each) => {
    const { figures } = learnt(days(60, cells(each, [0.55, 0.5, 0.45])));
    expect(figures.calibrationError).toBeLessThan(0.03);
    expect(figures.calibration.reduce((all, { bids }) => all + bids, 0)).toBe(figures.calibrated);
  });

  it('is of whole days, all cells of which are judged, and of no more of them than have a thousand ends', () => {
    const last = days(1, cells(1_000, [0.1, 0.5, 0.45]));
    const { figures } = learnt([...days(40, cells(1_000, [0.55, 0.5, 0.45]), '2026-08-16'), ...last]);
    expect(figures).toMatchObject({ calibrated: 3_000 });
    expect(figures.calibrationError).toBeGreaterThan(0.1);
    expect(learnt(days(40, cells(130, [0.55, 0.5, 0.45]))).figures.calibrated).toBe(1_170);
  });
});

const FIGURES: NightFigures = {
  ...{ bids: 5_000, firstDay: '', lastDay: '', calibration: [], calibrationError: 0.01, calibrated: 1_000 },
  ...{ margin: undefined, marginDays: 0, driftAlarms: [], meanMoveBp: 2, meanDistanceBp: 5 },
  rails: { atFloor: 0, atCeiling: 0.5, newAtCeiling: 0 },
  exploration: { days: 0, bids: 0, tried: 0, expected: 0, cost: 0, budget: 0.04 },
};
const PARENT = {
  stage: 'shadow',
  stageSince: '2026-08-10',
  mandate: 'm',
  segments: 's',
  trainedThrough: '2026-08-16',
} as const;
const LIFE: LifeInputs = {
  ...{ parent: PARENT, mandate: 'm', segments: 's', day: '2026-08-18', shadowDays: 5, canaryDays: 7 },
  ...{ figures: FIGURES, largestMoveBp: 10, speedLimitBp: 10 },
  ...{ watchedFrom: '', isReturned: false, silentDays: [], validityDays: 3 },
};
const CANARY = { ...PARENT, stage: 'canary' } as const;
const THREE_ALARMS = { ...FIGURES, driftAlarms: ['2026-08-08', '2026-08-11', '2026-08-14'] };
const AT_CEILING = { ...FIGURES, rails: { atFloor: 0, atCeiling: 0.5, newAtCeiling: 0.021 } };

it.each<[string, Partial<NightFigures>, readonly string[]]>([
  ['nothing', {}, []],
  ['too few ends to say', { calibrated: 999, calibrationError: 0.3 }, []],
  ['just within the bound', { calibrationError: 0.08 }, []],
  ['over it', { calibrationError: 0.081 }, ['uncalibrated']],
  ['an alarm of the day before yesterday', { driftAlarms: ['2026-08-01', '2026-08-14'] }, ['drifted']],
  ['one that was learnt from', { driftAlarms: ['2026-08-13'] }, []],
])('speaks against a version: %s', (_, figures, doubts) => {
  expect(doubtsOf({ ...FIGURES, ...figures }, '2026-08-16')).toEqual(doubts);
});

it.each<[string, Parameters<typeof learnedShare>[0], number, Partial<LifeInputs>?]>([
  ['the first one is to be a canary', undefined, 0.2],
  ['so is a shadow', PARENT, 0.2],
  ['a canary stays one until its days are over', { ...CANARY, stageSince: '2026-08-12' }, 0.2],
  ['then all but the control are bid for', CANARY, 0.9],
  ['and go on to be', { ...PARENT, stage: 'active' }, 0.9],
  ['a canary stays one while all bids are the table’s', CANARY, 0.2, { isReturned: true }],
  ['its days begin with those on which they are not', CANARY, 0.2, { watchedFrom: '2026-08-11' }],
  ['they are not those on which nothing was bid', CANARY, 0.2, { silentDays: ['2026-08-12'] }],
  ['one of all stays one of all', { ...PARENT, stage: 'active' }, 0.9, { isReturned: true }],
])('prices money for those that learned rates are bid for: %s', (_, last, share, changes = {}) => {
  const mandate = { canaryDays: 7, canaryShare: 0.2, controlShare: 0.1 };
  expect(learnedShare(last, { ...LIFE, day: '2026-08-17', ...changes }, mandate)).toBe(share);
});

it.each<[string, Partial<LifeInputs>, object]>([
  ['the first one only watches', { parent: undefined }, { stage: 'shadow', stageSince: '2026-08-18' }],
  ['other cells begin again', { segments: 't' }, { stage: 'shadow', stageSince: '2026-08-18' }],
  [
    'and are not bid with: nothing goes back for what is not known of them yet',
    { parent: { ...PARENT, stage: 'active' }, segments: 't', figures: { ...FIGURES, calibrationError: 0.3 } },
    { stage: 'shadow', returnFor: undefined },
  ],
  [
    'a shadow goes on until its days are over',
    { shadowDays: 9 },
    { stage: 'shadow', stageSince: '2026-08-10' },
  ],
  ['then it bids on a part', {}, { stage: 'canary', stageSince: '2026-08-18' }],
  [
    'not while it is off',
    { figures: { ...FIGURES, calibrationError: 0.1 } },
    { stage: 'shadow', returnFor: undefined },
  ],
  ['a canary comes to all', { parent: CANARY }, { stage: 'active' }],
  [
    'not while all bids are the table’s',
    { parent: CANARY, isReturned: true },
    { stage: 'canary', stageSince: '2026-08-10' },
  ],
  [
    'nor before it has bid for its days since people let it bid again',
    { parent: CANARY, watchedFrom: '2026-08-12' },
    { stage: 'canary', stageSince: '2026-08-10' },
  ],
  ['then it does', { parent: CANARY, watchedFrom: '2026-08-11' }, { stage: 'active' }],
  [
    'a day on which nothing was bid at all is none of its days',
    { parent: CANARY, silentDays: ['2026-08-09', '2026-08-11', '2026-08-17'] },
    { stage: 'canary', stageSince: '2026-08-10' },
  ],
  [
    'it has its days beside those',
    { parent: CANARY, silentDays: ['2026-08-09', '2026-08-11', '2026-08-18'] },
    { stage: 'active' },
  ],
  [
    'nor is it one of a shadow, which is held against the ends of bids',
    { silentDays: ['2026-08-11', '2026-08-12', '2026-08-13', '2026-08-14'] },
    { stage: 'shadow' },
  ],
  ['what is not watched is no shadow’s day', { isReturned: true }, { stage: 'shadow' }],
  [
    'days on which it was too old to be bid with do not count: it begins again',
    { parent: { ...CANARY, trainedThrough: '2026-08-13' } },
    { stage: 'canary', stageSince: '2026-08-18' },
  ],
  [
    'not where nights were late',
    { parent: { ...CANARY, trainedThrough: '2026-08-14' } },
    { stage: 'active' },
  ],
  [
    'one that bids and is off goes back',
    { parent: CANARY, figures: { ...FIGURES, calibrationError: 0.1 } },
    { stage: 'canary', returnFor: 'CALIBRATION' },
  ],
  [
    'one that earns less than the control goes back',
    {
      parent: { ...PARENT, stage: 'active' },
      figures: { ...FIGURES, margin: { mean: -2, low: -3, high: -1 } },
    },
    { returnFor: 'MARGIN_BELOW_CONTROL' },
  ],
  [
    'one that bids goes back at the third alarm in ten days',
    { parent: CANARY, figures: THREE_ALARMS },
    { returnFor: 'DRIFT_AGAIN' },
  ],
  [
    'not when the first of three was eleven days ago',
    { parent: CANARY, figures: THREE_ALARMS, day: '2026-08-19' },
    { returnFor: undefined },
  ],
  [
    'nor for alarms from before people let it bid again',
    { parent: CANARY, figures: THREE_ALARMS, watchedFrom: '2026-08-09' },
    { returnFor: undefined },
  ],
  ['a shadow has nothing to go back from', { figures: THREE_ALARMS }, { returnFor: undefined }],
  [
    'one goes back when more than 2 % of requests come up to their ceiling overnight',
    { parent: CANARY, figures: AT_CEILING },
    { returnFor: 'AT_CEILING' },
  ],
  [
    'not at 2 %',
    {
      parent: CANARY,
      figures: { ...FIGURES, rails: { atFloor: 0, atCeiling: 0.5, newAtCeiling: 0.02 } },
    },
    { returnFor: undefined },
  ],
  [
    'nor where people have moved the ceilings',
    { parent: CANARY, figures: AT_CEILING, mandate: 'n' },
    { returnFor: undefined },
  ],
  [
    'a far move after an alarm waits',
    { figures: { ...FIGURES, meanMoveBp: 16, driftAlarms: ['2026-08-17'] } },
    { waitsFor: ['MOVED_AFTER_DRIFT'] },
  ],
  [
    'a far move under another mandate waits',
    { mandate: 'n', figures: { ...FIGURES, meanMoveBp: 16 } },
    { waitsFor: ['MOVED_WITH_MANDATE'] },
  ],
  ['a cell that moved too fast waits', { largestMoveBp: 11 }, { waitsFor: ['FASTER_THAN_LIMIT'] }],
])('%s', (_, changes, expected) => {
  expect(lifeOf({ ...LIFE, ...changes })).toMatchObject(expected);
});
