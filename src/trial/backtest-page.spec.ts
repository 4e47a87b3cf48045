import { readFileSync } from 'node:fs';
import { A_PROGRAMME } from '../../test/support/programme';
import { compiledPolicy } from '../../test/support/policies';
import { proposalRequest } from '../../test/support/webhooks';
import { decisionContextJson } from '../auction/domain';
import { limitReason, type PolicyVersion } from '../decision/domain';
import type { LimitName, ReachedLimit } from '../exposure/domain';
import { Decimal } from '../kernel';
import { FieldCipher } from '../platform';
import { PricingDataService } from '../pricing';
import { readProposalRequest, rereadWebhook } from '../qi';
import { pageDecider, type StoredRow } from './backtest-page';

const SEED = JSON.parse(readFileSync('config/policies/default.json', 'utf8')) as Readonly<
  Record<'exposure' | 'pacing', Readonly<Record<string, string | number | null>>>
>;
type Limits = Readonly<Partial<Record<LimitName, string | number | null>>>;

/** The shipped policy with these limits and no others. */
function versionWith({ bids_per_hour = null, ...exposure }: Limits): PolicyVersion {
  const none = { per_borrower: null, per_employer: null, per_day: null, total: null };
  const changes = {
    exposure: { ...none, ...exposure },
    pacing: { ...SEED.pacing, bids_per_hour },
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

/** A request that every version here makes an offer for, and that these limits stopped when it was decided. */
function stoppedBy(...reached: readonly ReachedLimit[]): StoredRow {
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
const decide = (row: StoredRow, baseline: Limits, candidate: Limits) =>
  pageDecider(WORLD, { baseline: versionWith(baseline), candidate: versionWith(candidate) })([row]);
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
});
