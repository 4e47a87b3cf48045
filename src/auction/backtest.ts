import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import type { WebhookGate } from '../inbox';
import { Decimal } from '../kernel';
import type { FieldCipher } from '../platform';
import type { Facts } from '../policy/domain';
import type { PricingContext } from '../pricing';
import { BacktestTally, type BacktestFigures, type KnownOutcome } from './domain/backtest-tally';
import {
  decideOn,
  declinedAfterAll,
  type Decision,
  type PolicyVersion,
  type ProgrammeTerms,
} from './domain/decide';
import { deriveFacts } from './domain/derive-facts';
import type { ProposalRequest } from './domain/proposal-request';
import { readDecisionContext, type DecisionContext } from './decision-record';
import type { ProposalRequestReader } from './ports';

/** What a backtest decides with, and where it finds the requests. */
export interface BacktestWorld {
  readonly dataSource: DataSource;
  readonly cipher: FieldCipher;
  readonly gate: Pick<WebhookGate, 'reread'>;
  readonly read: ProposalRequestReader;
  readonly pricing: PricingContext;
  readonly programme: ProgrammeTerms;
}

export interface BacktestPeriod {
  readonly from: Date;
  readonly before: Date;
}

export type BacktestResult =
  { readonly kind: 'done'; readonly figures: BacktestReportFigures } | { readonly kind: 'stopped' };

export interface BacktestReportFigures extends BacktestFigures {
  /** Reasons of the candidate's rules given for none of these requests, or for all: perhaps not what was meant. */
  readonly unusual_reasons: { readonly never: readonly string[]; readonly always: readonly string[] };
  /** Requests that were never decided: taken as if decided on arrival by somebody without other offers. */
  readonly assumed_standing: number;
  /** Stored requests that cannot be read; both versions go without them. */
  readonly unreadable: number;
  /** Requests on which one of the versions threw: no bid, and a bug to be found. */
  readonly failed: number;
}

const PAGE = 1_000;
/** Decisions in one go before others get a turn: an auction under way waits for some milliseconds at most. */
const SLICE = 25;

interface StoredRow {
  readonly key: string;
  readonly received_at: Date;
  /** The same to the microsecond, for the next page. */
  readonly position: string;
  readonly limit_at: Date | null;
  readonly status: string;
  readonly raw_key_id: string;
  readonly raw_ciphertext: Buffer;
  readonly context: unknown;
  readonly won_rate: string | null;
}

/**
 * Runs two versions over the stored requests of a period, page by page in the order of arrival, and adds up what they
 * come to. Memory does not grow with the number of requests. Nothing is written.
 * @param onPage told how many requests are done and how many there are; false stops it.
 */
export async function runBacktest(
  world: BacktestWorld,
  baseline: PolicyVersion,
  candidate: PolicyVersion,
  period: BacktestPeriod,
  onPage: (done: number, total: number) => Promise<boolean>,
): Promise<BacktestResult> {
  const total = await countRequests(world.dataSource, period);
  const tally = new BacktestTally();
  const aside = { assumed_standing: 0, unreadable: 0, failed: 0 };
  let done = 0;
  let page = readPage(world.dataSource, period, undefined);
  for (;;) {
    const rows = await page;
    const last = rows.at(-1);
    if (last === undefined) break;
    page = readPage(world.dataSource, period, last);
    page.catch(() => undefined); // reported when it is awaited
    for (const [index, row] of rows.entries()) {
      if (index % SLICE === 0) await yieldToOthers();
      const request = readRequest(world, row);
      if (request === undefined) {
        aside.unreadable += 1;
        continue;
      }
      if (row.context === null) aside.assumed_standing += 1;
      const moment = row.context === null ? onArrival(row) : readDecisionContext(row.context);
      const decisions = decideBoth(world, request, moment, baseline, candidate);
      if (decisions === undefined) aside.failed += 1;
      else tally.add(request, ...decisions, outcomeOf(row));
    }
    done += rows.length;
    if (!(await onPage(done, Math.max(total, done)))) {
      await page;
      return { kind: 'stopped' };
    }
  }
  const figures = tally.figures();
  return {
    kind: 'done',
    figures: { ...figures, ...aside, unusual_reasons: unusualReasons(candidate, figures) },
  };
}

function unusualReasons(
  { compiled }: PolicyVersion,
  { requests, candidate: { reasons } }: BacktestFigures,
): BacktestReportFigures['unusual_reasons'] {
  if (requests === 0) return { never: [], always: [] };
  const codes = [...new Set(compiled.policy.rules.map(({ code }) => code))];
  const saying = (count: number) => codes.filter((code) => (reasons[code] ?? 0) === count);
  return { never: saying(0), always: saying(requests) };
}

async function countRequests(dataSource: DataSource, { from, before }: BacktestPeriod): Promise<number> {
  const [row] = await dataSource.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM auction WHERE received_at >= $1 AND received_at < $2`,
    [from, before],
  );
  return row?.count ?? 0;
}

function readPage(
  dataSource: DataSource,
  { from, before }: BacktestPeriod,
  after: StoredRow | undefined,
): Promise<StoredRow[]> {
  return dataSource.query<StoredRow[]>(
    `SELECT issuer_proposal_request_key AS key, auction.received_at, auction.received_at::text AS position,
       inclusion_limit_at AS limit_at, auction.status, raw_key_id, raw_ciphertext, context,
       CASE WHEN auction.status IN ('won', 'lost') THEN
         (SELECT monthly_interest_rate FROM bid WHERE bid.auction_key = issuer_proposal_request_key AND bid.status = 'accepted')
       END AS won_rate
     FROM auction
       JOIN webhook_event ON webhook_event.id = webhook_event_id
       LEFT JOIN decision ON decision.auction_key = issuer_proposal_request_key
     WHERE (auction.received_at, issuer_proposal_request_key) > ($1::timestamptz, $2) AND auction.received_at >= $3
       AND auction.received_at < $4
     ORDER BY auction.received_at, issuer_proposal_request_key LIMIT ${String(PAGE)}`,
    [after?.position ?? '-infinity', after?.key ?? '', from, before],
  );
}

function readRequest({ cipher, gate, read }: BacktestWorld, row: StoredRow): ProposalRequest | undefined {
  const raw = cipher.decrypt({ keyId: row.raw_key_id, ciphertext: row.raw_ciphertext });
  const envelope = gate.reread(raw);
  return envelope && read(envelope.document);
}

const NOTHING = new Decimal(0);

function onArrival({ received_at: now, limit_at: limitAt }: StoredRow): DecisionContext {
  return {
    context: {
      now,
      deadline: limitAt ?? undefined,
      liveOffers: { borrower: 0, employer: 0, lowestRate: undefined },
      exposure: { borrower: NOTHING, employer: NOTHING },
    },
    window: 'on_time',
    added: [],
  };
}

function decideBoth(
  { pricing, programme }: BacktestWorld,
  request: ProposalRequest,
  { context, window, added }: DecisionContext,
  baseline: PolicyVersion,
  candidate: PolicyVersion,
): readonly [Decision, Decision] | undefined {
  const under = (policy: PolicyVersion, facts: Facts): Decision => {
    const decision = decideOn(facts, {
      request,
      policy,
      pricing,
      programme,
      context,
      window,
      installmentBelow: undefined,
    });
    return decision.outcome === 'bid' && added.length > 0 ? declinedAfterAll(decision, added) : decision;
  };
  try {
    const facts = deriveFacts(request, context);
    return [under(baseline, facts), under(candidate, facts)];
  } catch {
    return undefined;
  }
}

function outcomeOf({ status, won_rate: rate }: StoredRow): KnownOutcome | undefined {
  return rate === null ? undefined : { won: status === 'won', monthlyInterestRate: new Decimal(rate) };
}
