import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { calendarDate, Decimal, parseJson } from '../../kernel';
import { MANDATE } from '../../../test/support/learning-policies';
import { A_PROGRAMME } from '../../../test/support/programme';
import { compiledPolicy, GOOD_BORROWER } from '../../../test/support/policies';
import { PricingContext } from '../../pricing/domain';
import { readPricingData } from '../../pricing';
import type { RateTable } from '../../winning/domain';
import { capsOf, capsOfBid, learnedFunds, withoutFunding } from './caps';
import { checkFloors } from './check-floors';
import { decideOn } from './decide';
import type { RateModel, RateModelStage } from './rate-model';

const seed = parseJson(readFileSync('config/policies/default.json', 'utf8')) as Record<string, unknown>;
const learning = { ...MANDATE, features: [] };
const policy = compiledPolicy({ ...seed, learning });
const cells = policy.learning?.cells ?? [];
const pricing = new PricingContext(readPricingData('config'));

/** Every cell at the same distance from the policy's rate, within the table's own bounds. */
const tableAt = (distanceBp: number, stepBp = 5): RateTable =>
  cells.map((cell) => ({
    ratesBp: [(cell?.referenceBp ?? 0) + distanceBp],
    stepsFrom: [],
    floorBp: 0,
    ceilingBp: 10_000,
    exploration: { stepBp, propensities: [500, 1_300, 6_400, 1_300, 500] },
  }));
const NO_BID: RateTable = tableAt(0).map((cell) => ({ ...cell, ratesBp: [null] }));

interface Changes {
  readonly draw?: number | undefined;
  readonly stage?: RateModelStage;
  readonly origin?: string;
}

function model(
  table: RateTable,
  { draw = 9_000, stage = 'active', origin = policy.hash }: Changes = {},
): RateModel {
  const made = {
    mandate: '',
    policy: origin,
    assumptions: '',
    parent: undefined,
    trainedThrough: '2026-08-17',
  };
  const document = { origin: made, seed: 'seed', tables: [table] };
  return { draw, version: { kind: 'usable', hash: 'hash', document, stage, priceStep: 0 } };
}

function decide(
  rateModel: RateModel | undefined,
  more: { auctionKey?: string; live?: string; facts?: object } = {},
) {
  const lowestRate = more.live === undefined ? undefined : new Decimal(more.live);
  return decideOn(
    { ...GOOD_BORROWER, ...more.facts },
    {
      policy: { version: '1', compiled: policy },
      pricing,
      programme: A_PROGRAMME,
      context: { now: new Date('2026-08-18T15:00:00Z'), liveOffers: { lowestRate } },
      window: 'on_time',
      installmentBelow: undefined,
      birthDate: calendarDate('1985-03-01'),
      auctionKey: more.auctionKey ?? 'auction',
      rateModel,
    },
  );
}

function bidBp(decision: ReturnType<typeof decide>): number {
  if (decision.outcome !== 'bid') throw new Error(JSON.stringify(decision.reasons));
  return Number(decision.bid.monthlyInterestRate.times(10_000).toFixed());
}
const traceOf = (decision: ReturnType<typeof decide>) => decision.trace.rate_model;
const REFERENCE = bidBp(decide(undefined));

const requests = fc.record({
  requested_amount: fc.integer({ min: 500, max: 25_000 }).map((reais) => new Decimal(reais)),
  requested_installments: fc.integer({ min: 6, max: 48 }),
  tenure_months: fc.integer({ min: 3, max: 200 }),
});

it('never bids outside the band of the cell, whatever the version says', () => {
  const holds = fc.property(
    requests,
    fc.integer({ min: -400, max: 400 }),
    fc.uuid(),
    fc.nat(9_999),
    (facts, distance, auctionKey, draw) => {
      const decision = decide(model(tableAt(distance, 15), { draw }), { facts, auctionKey });
      if (decision.outcome === 'no_bid') return;
      const place = cells[traceOf(decision)?.cell ?? -1];
      const bp = bidBp(decision);
      expect(bp >= (place?.floorBp ?? Infinity) && bp <= (place?.ceilingBp ?? -Infinity)).toBe(true);
      expect(decision.bid.priceRow).toBe(place?.row);
    },
  );
  fc.assert(holds, { numRuns: 150 });
});

it.each<[string, RateModel | undefined]>([
  ['no version', { draw: 9_000, version: { kind: 'fallback', reason: 'NO_VERSION', hash: undefined } }],
  ['a shadow', model(tableAt(20), { stage: 'shadow' })],
  ['the control', model(tableAt(20), { draw: 999 })],
  ['a canary of others', model(tableAt(20), { stage: 'canary' })],
  ['another policy', model(tableAt(20), { origin: 'other' })],
  ['a cell that it does not have', model([])],
])('with %s, bid by bid what the policy alone bids', (_, rateModel) => {
  const same = fc.property(requests, (facts) => {
    const [with_, without] = [decide(rateModel, { facts }), decide(undefined, { facts })];
    const { rate_model: kept, ...trace } = with_.trace;
    expect(trace).toEqual(without.trace);
    expect(with_.reasons).toEqual(without.reasons);
    if (with_.outcome === 'bid' && without.outcome === 'bid')
      expect({ ...with_.bid }).toEqual({ ...without.bid });
    expect(with_.outcome).toBe(without.outcome);
    if (with_.outcome === 'bid') expect(kept?.bid_bp).toBe(kept?.reference_bp);
  });
  fc.assert(same, { numRuns: 25 });
});

it('says nothing where the policy lets nothing be learnt, or nobody asked', () => {
  expect(decide(undefined).trace).not.toHaveProperty('rate_model');
});

it('bids in the lanes of the stage: of a canary its share, of an active version all but the control', () => {
  const laneAt = (draw: number, stage: RateModelStage) =>
    traceOf(decide(model(tableAt(0), { draw, stage })))?.lane;
  expect([999, 1_000, 2_999, 3_000].map((draw) => laneAt(draw, 'canary'))).toEqual([
    'control',
    'canary',
    'canary',
    'table',
  ]);
  expect([999, 1_000].map((draw) => laneAt(draw, 'active'))).toEqual(['control', 'learned']);
  expect(traceOf(decide({ ...model(tableAt(0)), draw: undefined }))).toMatchObject({
    lane: 'control',
    fallback: 'BORROWER_UNKNOWN',
  });
});

it('draws the same arm for the same auction, with shares that sum to the whole', () => {
  const trace = traceOf(decide(model(tableAt(10))));
  expect(trace).toMatchObject({ centre_bp: REFERENCE + 10, propensities: [500, 1_300, 6_400, 1_300, 500] });
  expect(decide(model(tableAt(10)))).toEqual(decide(model(tableAt(10))));
  expect(trace?.bid_bp).toBe(REFERENCE + 10 + (trace?.arm ?? 0) * 5);
});

it.each<[string, string, number]>([
  ['a dearer rate comes down to it', '0.0275', 275],
  ['a cheaper one comes up to it', '0.0290', 290],
])('beside an offer of ours that lives, %s', (_, live, expected) => {
  const decision = decide(model(tableAt(live < '0.0279' ? 40 : -10, 0)), { live });
  expect([bidBp(decision), traceOf(decision)?.clamp]).toEqual([expected, 'live_offer']);
});

it('does not bid where no rate is worth bidding, and says so', () => {
  const decision = decide(model(NO_BID));
  expect(decision.outcome).toBe('no_bid');
  expect(decision.reasons[0]?.code).toBe('MODEL_NO_MARGIN');
  expect(traceOf(decision)).toMatchObject({ bid_bp: null, lane: 'learned' });
  // The control is not touched by it.
  expect(bidBp(decide(model(NO_BID, { draw: 5 })))).toBe(REFERENCE);
});

it('names the row whose floor does not cover its loans, and what would', () => {
  const bands = [{ row: 't3-p2-v2', floor: '0.0150', ceiling: '0.04' }];
  const { learning: low } = compiledPolicy({ ...seed, learning: { ...learning, bands } });
  if (low === undefined) throw new Error('nothing is learnt');
  const found = checkFloors(low, { pricing, programme: A_PROGRAMME, on: calendarDate('2026-08-18') });
  expect(found.map(({ path }) => path)).toContain('learning.bands[t3-p2-v2].floor');
  expect(found[0]?.message).toMatch(/^o piso da linha t3-p2-v2, 1,50%, fica abaixo .* o mínimo é \d,\d\d%$/);
});

describe('the caps of a bid', () => {
  const none = capsOf(policy);
  const withFunding = (funding: string | null) =>
    compiledPolicy({ ...seed, learning: { ...learning, daily_funding: funding } });

  it.each<[string, RateModel | undefined, string | null, string]>([
    ['a learned rate, within the funding of the mandate', model(tableAt(20)), '900.00', '900'],
    ['a learned rate that has come to nothing but the table', model(tableAt(0, 0)), '900.00', '900'],
    ['a learned rate, where the day may lend less anyway', model(tableAt(20)), '99000000.00', '50000000'],
    ['a learned rate without funding of its own', model(tableAt(20)), null, '50000000'],
    ['the control', model(tableAt(20), { draw: 999 }), '900.00', '50000000'],
    ['a shadow', model(tableAt(20), { stage: 'shadow' }), '900.00', '50000000'],
    ['the table instead', withoutFunding(model(tableAt(20))), '900.00', '50000000'],
    ['no model', undefined, '900.00', '50000000'],
  ])('%s', (_, rateModel, funding, perDay) => {
    const { trace } = decide(rateModel);
    const caps = capsOfBid(none, withFunding(funding), trace);
    expect(caps.per_day?.toFixed()).toBe(perDay);
    expect({ ...caps, per_day: none.per_day }).toEqual(none);
  });

  it.each([
    ['900.00', undefined, '900'],
    ['99000000.00', undefined, '50000000'],
    [null, undefined, '50000000'],
    ['900.00', null, '900'],
    [null, null, undefined],
  ])(
    'of a mandate’s %s, where all bids may have %s, are what learned rates may lend in a day',
    (funding, perDay, funds) => {
      const exposure = { ...(seed['exposure'] as object), ...(perDay === null && { per_day: null }) };
      const of = compiledPolicy({ ...seed, exposure, learning: { ...learning, daily_funding: funding } });
      expect(learnedFunds(of)?.toFixed()).toBe(funds);
    },
  );
});
