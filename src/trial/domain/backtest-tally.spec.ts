import fc from 'fast-check';
import { Decimal, calendarDate } from '../../kernel';
import type { Reason } from '../../policy/domain';
import { BacktestTally } from './backtest-tally';
import type { Decision, FittedBid } from '../../decision/domain';
import { changedTerms, differenceBetween } from './decision-difference';
import type { KnownOutcome } from './win-tally';
import type { ProposalRequest } from '../../auction/domain';

const REASON: Reason = {
  code: 'AGE',
  message: 'Idade.',
  severity: 'decline',
  ruleId: 'idade',
  observed: undefined,
  required: undefined,
};
const FLAG: Reason = { ...REASON, code: 'HIGH', severity: 'flag', ruleId: 'alto' };
const BASE = {
  policy: { version: '1', hash: 'h' },
  trace: {
    window: 'on_time',
    decided_on: calendarDate('2026-08-18'),
    rules: [],
    limits: undefined,
    prices: undefined,
    fit: undefined,
  },
} as const;
const TERMS: FittedBid = {
  monthlyInterestRate: new Decimal('0.02'),
  numberOfInstallments: 12,
  disbursedIssueAmount: new Decimal(1000),
  installmentFaceValue: new Decimal(100),
  issueAmount: new Decimal(1030),
  assignmentAmount: new Decimal(1050),
  iofAmount: new Decimal(30),
  monthlyCet: new Decimal('0.025'),
  disbursementDate: calendarDate('2026-08-18'),
  firstDueDate: calendarDate('2026-10-10'),
  daysToExpiration: 7,
  rebates: [],
  priceRow: 'r1',
};
const bid = (changes: Partial<FittedBid> = {}, reasons: readonly Reason[] = []): Decision => ({
  ...BASE,
  outcome: 'bid',
  reasons,
  bid: { ...TERMS, ...changes },
});
const noBid = (...reasons: readonly Reason[]): Decision => ({ ...BASE, outcome: 'no_bid', reasons });
const REQUEST: ProposalRequest = {
  key: 'k',
  status: 'ongoing',
  eventAtText: undefined,
  inclusionLimitText: undefined,
  expirationText: undefined,
  borrower: {
    name: undefined,
    cpf: undefined,
    birthDate: undefined,
    registration: undefined,
    politicalExposition: undefined,
  },
  employer: { documentType: undefined, documentNumber: undefined },
  admissionDate: undefined,
  eligible: true,
  requestedAmount: new Decimal(5000),
  requestedInstallments: 24,
  consignedCreditBalance: undefined,
  alerts: [],
  problems: [],
};
const rate = (text: string): Partial<FittedBid> => ({ monthlyInterestRate: new Decimal(text) });

describe('the difference between two decisions', () => {
  it.each([
    ['same', bid(), bid(), []],
    ['same', bid(), bid(rate('0.020')), []],
    ['same', noBid(REASON), noBid(REASON), []],
    ['gained', noBid(REASON, FLAG), bid(), ['idade']],
    ['lost', bid(), noBid(FLAG, REASON), ['idade']],
    ['changed', bid(), bid({ ...rate('0.03'), priceRow: 'r2' }), ['r1 -> r2']],
    [
      'changed',
      bid(),
      bid({ rebates: [{ feeType: 'spread', amountType: 'absolute', amount: new Decimal(1) }] }),
      ['r1'],
    ],
    ['other_reasons', noBid(REASON), noBid(REASON, { ...REASON, code: 'B', ruleId: 'b' }), ['b']],
    ['other_reasons', bid(), bid({}, [FLAG]), ['alto']],
  ])('is %s', (kind, before, after, causes) => {
    expect(differenceBetween(before, after)).toMatchObject({ kind, causes });
  });

  it('says which terms moved, from what to what', () => {
    expect(changedTerms(bid(), bid({ ...rate('0.03'), daysToExpiration: 5 }))).toEqual([
      { field: 'monthlyInterestRate', before: '0.02', after: '0.03' },
      { field: 'daysToExpiration', before: '7', after: '5' },
    ]);
  });
});

describe('the figures of a backtest', () => {
  it('add up amounts exactly, weigh rates by amount, and count reasons, segments and causes', () => {
    const tally = new BacktestTally();
    tally.add(REQUEST, bid(), noBid(REASON), undefined);
    tally.add(
      { ...REQUEST, requestedAmount: new Decimal('5000.01') },
      bid({ ...rate('0.04'), disbursedIssueAmount: new Decimal('3000.10') }),
      bid(),
      undefined,
    );
    const figures = tally.figures();
    expect(figures.baseline).toEqual({
      bids: 2,
      disbursed_amount: '4000.10',
      average_monthly_rate: '0.035000',
      reasons: {},
    });
    expect(figures.candidate).toMatchObject({ bids: 1, disbursed_amount: '1000.00', reasons: { AGE: 1 } });
    expect(figures.segments.map(({ segment, requests }) => [segment, requests])).toEqual([
      ['valor: até R$ 5.000', 1],
      ['valor: até R$ 10.000', 1],
      ['prazo: até 24 parcelas', 2],
    ]);
    expect(figures.changed).toMatchObject({ lost: 1, changed: 1, gained: 0, other_reasons: 0 });
    expect(figures.changed.causes).toEqual([
      { kind: 'lost', cause: 'idade', requests: 1 },
      { kind: 'changed', cause: 'r1', requests: 1 },
    ]);
  });

  it('keep their size, however many causes there are', () => {
    const tally = new BacktestTally();
    for (let at = 0; at < 2_000; at += 1)
      tally.add(REQUEST, bid(), bid({ ...rate('0.03'), priceRow: `r${String(at)}` }), undefined);
    const { causes, examples } = tally.figures().changed;
    expect(causes.length).toBeLessThanOrEqual(502);
    expect(causes.reduce((sum, { requests }) => sum + requests, 0)).toBe(2_000);
    expect(examples).toHaveLength(50);
  });
});

describe('parts of a backtest, put together in their order', () => {
  const decision = fc.oneof(
    fc
      .record({
        cents: fc.bigInt(1n, 10n ** 9n),
        rate: fc.integer({ min: 1, max: 900 }),
        row: fc.integer({ max: 9 }),
      })
      .map(({ cents, rate: points, row }) =>
        bid({
          disbursedIssueAmount: new Decimal(cents.toString()).div(100),
          monthlyInterestRate: new Decimal(points).div(10_000),
          priceRow: `r${String(row)}`,
        }),
      ),
    fc.subarray([REASON, FLAG], { minLength: 1 }).map((reasons) => noBid(...reasons)),
  );
  const added = fc.record({
    request: fc.record({
      amount: fc.integer({ min: 1, max: 30_000 }),
      terms: fc.integer({ min: 1, max: 60 }),
    }),
    baseline: decision,
    candidate: decision,
    won: fc.option(fc.boolean()),
    aside: fc.option(fc.constantFrom('assumed_standing', 'limits_lifted', 'unreadable', 'failed')),
  });

  it('come to what all of it comes to at once', () => {
    fc.assert(
      fc.property(fc.array(fc.array(added, { maxLength: 40 }), { maxLength: 5 }), (parts) => {
        const whole = new BacktestTally();
        let merged = new BacktestTally();
        for (const part of parts) {
          const tally = new BacktestTally();
          for (const { request, baseline, candidate, won, aside } of part) {
            const asked = {
              ...REQUEST,
              requestedAmount: new Decimal(request.amount),
              requestedInstallments: request.terms,
            };
            const known = won === null ? undefined : { won, monthlyInterestRate: new Decimal('0.02') };
            for (const each of [whole, tally]) {
              if (aside !== null) each.setAside(aside);
              each.add(asked, baseline, candidate, known);
            }
          }
          merged = merged.with(structuredClone(tally.counts)); // as it comes from another thread
        }
        expect(merged.figures()).toEqual(whole.figures());
      }),
      { numRuns: 60 },
    );
  });
});

describe('the expected effect on wins', () => {
  const known = (text: string, won: boolean): KnownOutcome => ({
    won,
    monthlyInterestRate: new Decimal(text),
  });
  const observe = (tally: BacktestTally, text: string, won: number, lost: number) => {
    for (let at = 0; at < won + lost; at += 1)
      tally.add(REQUEST, noBid(REASON), noBid(REASON), known(text, at < won));
  };

  it('is none when both offer the same', () => {
    const tally = new BacktestTally();
    observe(tally, '0.02', 3, 1);
    tally.add(REQUEST, bid(), bid(), undefined);
    expect(tally.figures().wins).toMatchObject({
      verdict: 'no_change',
      known: { won: 3, lost: 1 },
      effect: { wins: 0 },
    });
  });

  it('is read off the shares won at the rates bids move between', () => {
    const tally = new BacktestTally();
    observe(tally, '0.0201', 79, 19);
    observe(tally, '0.0301', 19, 79);
    for (let at = 0; at < 100; at += 1)
      tally.add(REQUEST, bid(rate('0.0301')), bid(rate('0.0202')), undefined);
    const { verdict, effect } = tally.figures().wins;
    // 100 x (80/100 - 20/100), and sqrt(2 x 100^2 x 0.16 / 100) x 1.96 on either side
    expect({ verdict, effect }).toEqual({ verdict: 'judged', effect: { wins: 60, low: 48.9, high: 71.1 } });
  });

  it('is not judged where too few auctions have ended at such rates', () => {
    const tally = new BacktestTally();
    observe(tally, '0.0301', 40, 40);
    observe(tally, '0.0101', 15, 14);
    for (let at = 0; at < 10; at += 1)
      tally.add(REQUEST, bid(rate('0.0301')), bid(rate('0.0102')), undefined);
    const { verdict, effect, because } = tally.figures().wins;
    expect({ verdict, effect }).toEqual({ verdict: 'not_judged', effect: null });
    expect(because).toContain('10 de 10');
  });

  it.each([
    ['0.0301', '0.0101'],
    ['0.0101', '0.0301'],
  ])('takes no bid as lost or won that moves from %s to %s, of which one is not known', (from, to) => {
    const tally = new BacktestTally();
    observe(tally, '0.0301', 149, 149);
    observe(tally, '0.0201', 149, 149);
    observe(tally, '0.0101', 15, 14);
    for (let at = 0; at < 90; at += 1)
      tally.add(REQUEST, bid(rate('0.0301')), bid(rate('0.0201')), undefined);
    for (let at = 0; at < 10; at += 1) tally.add(REQUEST, bid(rate(from)), bid(rate(to)), undefined);
    const { verdict, effect, because } = tally.figures().wins;
    expect([verdict, effect?.wins]).toEqual(['judged', 0]);
    expect(because).toContain('para onde vão: 10.');
  });
});
