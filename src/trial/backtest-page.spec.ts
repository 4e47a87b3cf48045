import { readFileSync } from 'node:fs';
import { A_PROGRAMME } from '../../test/support/programme';
import { compiledPolicy } from '../../test/support/policies';
import { proposalRequest } from '../../test/support/webhooks';
import { decisionContextJson } from '../auction/domain';
import type { PolicyVersion } from '../policy';
import { limitReason } from '../decision/domain';
import type { LimitName, ReachedLimit } from '../exposure/domain';
import { Decimal } from '../kernel';
import { FieldCipher } from '../platform';
import { PricingDataService } from '../pricing';
import { readProposalRequest, rereadWebhook } from '../qi';
import { pageDecider, type StoredRow } from './backtest-page';
import { BacktestTally } from './domain/backtest-tally';

const SEED = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Readonly<
  Record<'exposure' | 'pacing', Readonly<Record<string, string | number | null>>>
> & { readonly limits: object };
type Limits = Readonly<Partial<Record<LimitName, string | number | null>>>;

/**
 * The shipped policy with these limits and no others.
 * @param most in reais, that it lends
 */
function versionWith({ bids_per_hour = null, ...exposure }: Limits, most = '30000.00'): PolicyVersion {
  const none = { per_borrower: null, per_employer: null, per_day: null, total: null };
  const changes = {
    exposure: { ...none, ...exposure },
    pacing: { ...SEED.pacing, bids_per_hour },
    limits: { ...SEED.limits, amount: { minimum: '500.00', maximum: most } },
    test_cases: [],
  };
  return { version: '1', compiled: compiledPolicy({ ...SEED, ...changes }) };
}

const cipher = new FieldCipher([Buffer.alloc(32, 7)]);
const WORLD = {
  cipher,
  reread: rereadWebhook,
  read: (document: Parameters<typeof readProposalRequest>[0]) => {
    const reading = readProposalRequest(document);
    return reading.kind === 'read' ? reading.request : undefined;
  },
  pricing: new PricingDataService().context,
  programme: A_PROGRAMME,
};

/**
 * A request that every version here makes an offer for, and that these limits stopped when it was decided.
 * @param stoppedAmount of the bid of then; undefined: a release wrote it that does not say
 */
function stopped(reached: readonly ReachedLimit[], stoppedAmount?: Decimal): StoredRow {
  const hash = 'a'.repeat(64);
  const raw = JSON.stringify(proposalRequest());
  const { keyId, ciphertext } = cipher.encrypt(raw, 'webhook_event.raw_ciphertext', hash);
  const nothing = new Decimal(0);
  const context = decisionContextJson({
    context: {
      now: new Date(),
      deadline: undefined,
      liveOffers: { borrower: 0, employer: 0, lowestRate: undefined },
      exposure: { borrower: nothing, employer: nothing },
    },
    window: 'on_time',
    installmentBelow: undefined,
    rateModel: undefined,
    added: reached.map(limitReason),
    stoppedAmount,
  });
  return {
    key: 'k',
    received_at: new Date().toISOString(),
    limit_at: null,
    status: 'declined',
    content_hash: hash,
    raw_key_id: keyId,
    raw_ciphertext: ciphertext,
    context: JSON.stringify(context),
    won_rate: null,
  };
}

const reached = (name: LimitName, cap: string, wouldBe?: string): ReachedLimit => ({
  name,
  cap: new Decimal(cap),
  wouldBe: wouldBe === undefined ? undefined : new Decimal(wouldBe),
});
const stoppedBy = (...limits: readonly ReachedLimit[]): StoredRow => stopped(limits);
const decide = (row: StoredRow, baseline: Limits, candidate: Limits, most?: string) =>
  pageDecider(WORLD, { baseline: versionWith(baseline), candidate: versionWith(candidate, most) })([row]);
const DAY = reached('per_day', '100000', '100350.5');
const HOUR = reached('bids_per_hour', '1000', '1001');
const UNKNOWN = reached('per_employer', '2000000');

describe('a request that a limit stopped', () => {
  it.each<[string, ReachedLimit, Limits, Limits]>([
    ['is gone', DAY, { per_day: '100000.00' }, {}],
    ['is wide enough', DAY, { per_day: '100000.00' }, { per_day: '100350.50' }],
    ['is gone, of bids', HOUR, { bids_per_hour: 1000 }, {}],
    ['is wide enough, of bids', HOUR, { bids_per_hour: 1000 }, { bids_per_hour: 1001 }],
    ['is gone, and was of nobody known', UNKNOWN, { per_employer: '2000000.00' }, {}],
  ])('is stopped no more where the limit %s, and is counted', (_what, limit, baseline, candidate) => {
    const { kinds, aside, candidate: side } = decide(stoppedBy(limit), baseline, candidate);
    expect(kinds).toMatchObject({ gained: 1 });
    expect(aside).toMatchObject({ limits_lifted: 1, failed: 0, unreadable: 0 });
    expect([...side.reasons]).toEqual([]);
  });

  it.each<[string, ReachedLimit, Limits, string]>([
    ['as high', DAY, { per_day: '100000' }, 'EXPOSURE_PER_DAY'],
    ['lower', DAY, { per_day: '50000' }, 'EXPOSURE_PER_DAY'],
    ['higher, and not high enough', DAY, { per_day: '100350.49' }, 'EXPOSURE_PER_DAY'],
    ['as high, of bids', HOUR, { bids_per_hour: 1000 }, 'PACING_PER_HOUR'],
    ['higher, of nobody known', UNKNOWN, { per_employer: '3000000' }, 'DATA_MISSING:employer_document'],
  ])('is stopped again by a limit that is %s', (_what, limit, limits, code) => {
    const { kinds, aside, baseline, candidate } = decide(stoppedBy(limit), limits, limits);
    expect([kinds.same, aside.limits_lifted]).toEqual([1, 0]);
    for (const { reasons } of [baseline, candidate]) expect([...reasons.keys()]).toEqual([code]);
  });

  it('is stopped by what is left of its limits', () => {
    const row = stoppedBy(DAY, HOUR);
    const both = { per_day: '100000', bids_per_hour: 1000 };
    const { kinds, aside, candidate } = decide(row, both, { bids_per_hour: 1000 });
    expect([kinds.other_reasons, aside.limits_lifted]).toEqual([1, 0]);
    expect([...candidate.reasons.keys()]).toEqual(['PACING_PER_HOUR']);
  });

  it('is stopped by as many bids, whatever these would lend', () => {
    const row = stopped([HOUR], new Decimal(2_100));
    const { kinds } = decide(row, { bids_per_hour: 1000 }, { bids_per_hour: 1000 }, '1000.00');
    expect(kinds).toMatchObject({ same: 1 });
  });

  describe('of which 25,000 were used', () => {
    const stoppedAt = (amount: string) => {
      const of = new Decimal(amount);
      return stopped([reached('per_borrower', '25000', of.plus(25_000).toFixed())], of);
    };
    const upTo = (cap: string): Limits => ({ per_borrower: cap });

    it('is bid for by a version whose smaller bid the same limit has room for', () => {
      const { kinds, aside, candidate } = decide(stoppedAt('2100'), upTo('27000'), upTo('27000'), '1000.00');
      expect([kinds.gained, aside.limits_lifted, candidate.money.amount]).toEqual([1, 1, '1000']);
    });

    it('is stopped by a higher limit that has no room for the larger bid of its version', () => {
      const { kinds, aside, candidate } = decide(stoppedAt('1000'), upTo('25500'), upTo('26500'));
      expect([kinds.same, aside.limits_lifted]).toEqual([1, 0]);
      expect([...candidate.reasons.keys()]).toEqual(['EXPOSURE_PER_BORROWER']);
    });
  });
});

describe('requests of which some were erased', () => {
  const ended = (status: 'won' | 'lost', minute: number): StoredRow => ({
    ...stoppedBy(),
    status,
    received_at: `2026-01-01T12:${String(minute).padStart(2, '0')}:00.123456Z`,
    won_rate: '0.02',
  });
  const erased = (minute: number): StoredRow => ({
    ...ended('lost', minute),
    raw_ciphertext: Buffer.alloc(0),
  });
  const decideAll = pageDecider(WORLD, { baseline: versionWith({}), candidate: versionWith({}) });
  const knownOf = (tally: BacktestTally) => tally.figures().wins.known;

  it('are set aside up to the newest that was: of those before it the won ones alone are left', () => {
    const counts = decideAll([
      ended('won', 1),
      ended('won', 2),
      erased(3),
      ended('won', 4),
      ended('lost', 5),
    ]);
    expect([counts.requests, counts.aside.erased, counts.keptAfter]).toEqual([
      2,
      3,
      '2026-01-01T12:03:00.123456Z',
    ]);
    expect(knownOf(new BacktestTally().with(counts))).toEqual({ won: 1, lost: 1 });
  });

  it('are set aside with all pages before theirs', () => {
    const pages = [[ended('won', 1), ended('won', 2)], [ended('won', 3), erased(4)], [ended('won', 5)]];
    const tally = pages.map(decideAll).reduce((sum, counts) => sum.with(counts), new BacktestTally());
    expect(tally.figures()).toMatchObject({
      requests: 1,
      erased: 4,
      kept_after: '2026-01-01T12:04:00.123456Z',
      unreadable: 0,
      wins: { known: { won: 1, lost: 0 } },
    });
  });
});
