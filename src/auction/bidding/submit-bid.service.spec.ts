import { MINUTE_MS, Decimal } from '../../kernel';
import { Draining, type ClockWatch, type Logger, type Settings } from '../../platform';
import type { AuctionJob } from '../domain/auction-job';
import type { SubmissionAnswer } from '../domain/proposal';
import type { ProposalDesk } from '../ports';
import type { LiveBid } from './bid-rows';
import type { AttemptRow, AuctionLedger, Mark } from './ledger';
import type { QiLatency } from './qi-latency.service';
import type { SettleBidService, Settlement } from './settle-bid.service';
import { SubmitBidService, type Rest } from './submit-bid.service';

const DECIDED_AT = Date.parse('2026-03-18T13:00:00Z');
/** What each wait takes of the simulated time. */
const STEP_MS = 2_000;

const NOT_TAKEN: SubmissionAnswer = {
  kind: 'not_taken',
  why: 'HTTP 429',
  httpStatus: 429,
  retryAfterMs: undefined,
  body: '',
};

const settings = {
  PURCHASER_DOCUMENT_NUMBER: '00000000000000',
  ARREMATE_DRY_RUN: false,
  QI_REPEAT_UNKNOWN: 'never',
  engine: {
    auction: {
      ...{ network_margin_ms: 250, batch_max: 32, queue_max: 100 },
      ...{ max_attempts: 5, retry_base_ms: 1, retry_max_ms: 1, max_refits: 2 },
    },
    database: { commit_every_ms: 0 },
    instance: { dead_after_ms: 6_000 },
  },
} as unknown as Settings;

/** A service beside a QI that behaves as the desk says; its time goes on as it waits. */
function world(desk: Partial<ProposalDesk>) {
  let [now, posts] = [DECIDED_AT, 0];
  const marks: Mark[] = [];
  const settled: {
    readonly settlement: Settlement;
    readonly afterMs: number;
    readonly attempts: readonly string[];
  }[] = [];
  const service = new SubmitBidService(
    undefined as never,
    {
      mark: (batch: readonly Mark[]) => {
        marks.push(...batch);
        return Promise.resolve(batch.map(() => 'marked'));
      },
    } as unknown as AuctionLedger,
    {
      heldBackMs: () => 0,
      submit: () => {
        posts += 1;
        return Promise.resolve(NOT_TAKEN);
      },
      ...desk,
    },
    undefined as never,
    undefined as never,
    { expectedMs: () => 500, add: () => undefined } as unknown as QiLatency,
    {
      settle: (_job: AuctionJob, _bid: LiveBid, settlement: Settlement, attempts: readonly AttemptRow[]) => {
        settled.push({
          settlement,
          afterMs: now - DECIDED_AT,
          attempts: attempts.map(({ outcome }) => outcome),
        });
        return Promise.resolve(undefined);
      },
    } as unknown as SettleBidService,
    { isOff: false } as ClockWatch,
    new Draining(),
    { now: () => new Date(now), monotonicMs: () => now },
    settings,
    { info: () => undefined, warn: () => undefined } as unknown as Logger,
  );
  return {
    posts: () => posts,
    pass: (ms: number) => void (now += ms),
    marks,
    /** @returns what the bid came to, and how long after its decision */
    async bring(bid: LiveBid, sinceDecisionMs = 0, end: Awaited<ReturnType<Rest>> = 'waited') {
      now += sinceDecisionMs;
      await service.submit(JOB, bid, { at: new Date(now), monotonicMs: now }, async (_, waited) => {
        await waited;
        now += STEP_MS;
        return end;
      });
      return settled.at(-1);
    },
  };
}

const JOB = { key: 'an-auction', limitAt: new Date(DECIDED_AT - 1) } as AuctionJob;
const bidUntil = (submitBy: number): LiveBid =>
  ({
    requestControlKey: 'f3a0a3a8-6d5c-4a3e-9a55-0f4a2f6b7c11',
    ordinal: 1,
    status: 'sending',
    attempts: 0,
    marks: 0,
    decidedAt: new Date(DECIDED_AT),
    submitBy: new Date(submitBy),
    terms: { disbursedIssueAmount: new Decimal(5_000), monthlyInterestRate: new Decimal('0.0249') },
  }) as unknown as LiveBid;
const LATE = bidUntil(DECIDED_AT + 24 * 60 * MINUTE_MS);

describe('a late bid, which QI would take for another day', () => {
  it.each([
    ['answers that it does not take it', {}],
    ['is held back from', { heldBackMs: () => 1 }],
  ])('is withdrawn five minutes after its decision where QI %s', async (_, desk) => {
    const end = await world(desk).bring(LATE);
    expect(end?.settlement.kind).toBe('withdrawn');
    expect(end?.afterMs).toBeGreaterThan(4.9 * MINUTE_MS);
    expect(end?.afterMs).toBeLessThan(5.1 * MINUTE_MS);
  });

  it('is not sent by who takes it over long after its decision', async () => {
    const taken = world({});
    expect((await taken.bring(LATE, 60 * MINUTE_MS))?.settlement).toEqual({
      kind: 'withdrawn',
      why: 'too_late_to_send',
    });
    expect(taken.posts()).toBe(0);
  });
});

it('a bid on time is brought until its limit', async () => {
  const end = await world({}).bring(bidUntil(DECIDED_AT + 2 * MINUTE_MS));
  expect(end?.settlement.kind).toBe('withdrawn');
  expect(end?.afterMs).toBeGreaterThan(1.9 * MINUTE_MS);
});

describe('a bid that QI did not take until its limit says why', () => {
  const refused: SubmissionAnswer = { ...NOT_TAKEN, why: 'HTTP 401' };
  it.each([
    ['as QI answered it, though the circuit opened meanwhile', refused, 'withdrawn', 'HTTP 401'],
    [
      'as QI answered it, where that leaves it open',
      { kind: 'server_error', httpStatus: 503, body: '' } satisfies SubmissionAnswer,
      'unknown',
      'http_503',
    ],
  ])('%s', async (_, answer, kind, why) => {
    let posts = 0;
    const tried = world({
      submit: () => {
        posts += 1;
        return Promise.resolve(answer);
      },
      heldBackMs: () => posts,
    });
    expect((await tried.bring(bidUntil(DECIDED_AT + 15_000)))?.settlement).toEqual({ kind, why });
  });

  it('as QI answered it, where there was no time left to send it once more: that was no POST', async () => {
    let posts = 0;
    const tried = world({
      submit: () => {
        posts += 1;
        if (posts === 1) return Promise.resolve(refused);
        tried.pass(15_000);
        return Promise.resolve({ ...refused, why: 'too_late_to_send', httpStatus: undefined });
      },
    });
    expect(await tried.bring(bidUntil(DECIDED_AT + 15_000))).toMatchObject({
      settlement: { kind: 'withdrawn', why: 'HTTP 401' },
      attempts: [],
    });
  });

  it('as held back, where nothing of it was sent', async () => {
    const held = world({ heldBackMs: () => 1 });
    const end = await held.bring(bidUntil(DECIDED_AT + 15_000));
    expect(end?.settlement).toEqual({ kind: 'withdrawn', why: 'circuit_open' });
  });
});

describe('a bid that another process has taken over while it waited', () => {
  it('is left to it at once', async () => {
    const taken = world({});
    expect(await taken.bring(LATE, 0, 'lost')).toBeUndefined();
    expect(taken.posts()).toBe(1);
  });

  it('is neither sent nor given up for being held back', async () => {
    const taken = world({ heldBackMs: () => 1 });
    expect(await taken.bring(LATE, 0, 'lost')).toBeUndefined();
    expect(taken.posts()).toBe(0);
  });

  it('has the POSTs on disk that were made of it', async () => {
    const failed = { kind: 'server_error', httpStatus: 500, body: '' } as const;
    const taken = world({ submit: () => Promise.resolve(failed) });
    await taken.bring(LATE, 0, 'lost');
    expect(taken.marks.map(({ attempts }) => attempts.map(({ outcome }) => outcome))).toEqual([
      ['server_error'],
    ]);
  });
});

it('a bid whose connection was ready too late waits for the circuit as intended: nothing of it was sent', async () => {
  let [held, tries] = [0, 0];
  const slow = world({
    heldBackMs: () => (held-- > 0 ? 1 : 0),
    submit: (_, permit) => {
      tries += 1;
      slow.pass(settings.engine.instance.dead_after_ms);
      held = 1; // others have opened it meanwhile
      return Promise.resolve({ ...NOT_TAKEN, why: permit.refusal() ?? 'no refusal' });
    },
  });
  await slow.bring(bidUntil(DECIDED_AT + 15_000));
  expect(tries).toBe(2);
  expect(slow.marks.map(({ to }) => to)).toEqual(['intended', 'sending', 'intended']);
});
