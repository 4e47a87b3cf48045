import { readFileSync } from 'node:fs';
import { calendarDate, parseJson } from '../../kernel';
import { GOOD_BORROWER, compiledPolicy } from '../../../test/support/policies';
import { A_PROGRAMME } from '../../../test/support/programme';
import { PricingContext } from '../../pricing/domain';
import { readPricingData } from '../../pricing';
import { bidMargin } from './bid-margin';
import { decideOn, type DecisionTerms } from './decide';

const seed = parseJson(readFileSync('config/policies/default.json', 'utf8')) as Record<string, unknown>;
const { economics: _, ...others } = seed;
const plain = {
  ...others,
  tables: (seed['tables'] as { kind: string }[]).filter(({ kind }) => kind !== 'loss'),
};
const pricing = new PricingContext(readPricingData('config'));

function terms(json: unknown): DecisionTerms {
  return {
    policy: { version: '1', compiled: compiledPolicy(json) },
    pricing,
    programme: A_PROGRAMME,
    context: { now: new Date('2026-08-18T15:00:00Z'), liveOffers: { lowestRate: undefined } },
    window: 'on_time',
    installmentBelow: undefined,
    birthDate: calendarDate('1985-03-01'),
  };
}

function bidOf(json: unknown) {
  const under = terms(json);
  const decision = decideOn(GOOD_BORROWER, under);
  if (decision.outcome !== 'bid') throw new Error(JSON.stringify(decision.reasons));
  return { decision, bid: decision.bid, compiled: under.policy.compiled };
}
const means = { programme: A_PROGRAMME, pricing };

it('a bid keeps by which inputs it is worth what it is worth, and the margin follows from that and its terms', () => {
  const { decision, bid, compiled } = bidOf(seed);
  expect(decision.trace.economics).toEqual({ kind: 'found', place: { from: '2025-01-01', row: 't3-p1' } });
  const worth = bidMargin(bid, decision.trace.economics, compiled, means);
  if (worth.kind === 'unknown') throw new Error(worth.why);
  const { margin, inputs, monthly } = worth;
  expect(inputs.expectedLossRate.toFixed()).toBe('0.03');
  expect(margin.assignmentAmount.eq(bid.assignmentAmount)).toBe(true);
  expect(margin.cost.toFixed(2)).toBe('45.00');
  expect(margin.margin.gt(0)).toBe(true);
  expect(monthly?.gt(0)).toBe(true);
});

it('the section changes nothing of the bid, and without it nothing is kept', () => {
  const [without, with_] = [bidOf(plain), bidOf(seed)];
  expect(Object.keys(without.decision.trace)).not.toContain('economics');
  const { economics: kept, ...trace } = with_.decision.trace;
  expect(kept).toBeDefined();
  expect(without.decision.trace).toEqual(trace);
  expect({ ...without.bid }).toEqual({ ...with_.bid });
});

it('nothing is assumed', () => {
  const { decision, bid, compiled } = bidOf(seed);
  const found = decision.trace.economics;
  const why = (...[terms, kept, policy]: [typeof bid, typeof found, typeof compiled]) => {
    const worth = bidMargin(terms, kept, policy, means);
    return worth.kind === 'unknown' ? worth.why : 'known';
  };
  expect(why(bid, undefined, compiled)).toBe('no_inputs');
  expect(why(bid, found, bidOf(plain).compiled)).toBe('no_inputs');
  expect(why(bid, { kind: 'not_in_force' }, compiled)).toBe('not_in_force');
  expect(why(bid, { kind: 'no_segment', reasons: [] }, compiled)).toBe('no_segment');
  const gone = { kind: 'found', place: { from: calendarDate('2020-01-01'), row: 't1-p1' } } as const;
  expect(why(bid, gone, compiled)).toBe('no_segment');
  const otherwise = { ...bid, issueAmount: bid.issueAmount.plus('0.01') };
  expect(why(otherwise, found, compiled)).toBe('priced_otherwise');
});
