import { Inject, Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { AUCTION_STATUSES, type AuctionStatus } from '../auction';
import { capsOf } from '../decision/domain';
import { SAO_PAULO, type Clock } from '../kernel';
import { CLOCK, decimal } from '../platform';
import { ActivePolicy } from '../policy';

/** What one day, hour or minute may hold, and all of them. */
const SHARED_LIMITS = ['total', 'per_day', 'bids_per_day', 'bids_per_hour', 'bids_per_minute'] as const;

const milliseconds = z.number().nullable();
const byStatus = <T>(make: (status: AuctionStatus) => T) =>
  Object.fromEntries(AUCTION_STATUSES.map((status) => [status, make(status)])) as Record<AuctionStatus, T>;

export const overview = z.object({
  as_of: z.iso.datetime(),
  since: z.iso.datetime().describe('midnight in São Paulo'),
  statuses: z.object(byStatus(() => z.int())).describe('auctions received today, by where they stand now'),
  unanswered: z
    .object({ won: z.int(), lost: z.int() })
    .describe(
      'of the won and the lost of these, those with a bid that QI had not answered: no win rate counts them',
    ),
  received: z.int(),
  bids: z.object({ count: z.int(), amount: decimal }).describe('accepted by QI today'),
  won: z.object({ count: z.int(), amount: decimal }),
  disbursed: z.object({ count: z.int(), amount: decimal }),
  receive_to_bid_ms: z
    .object({ p50: milliseconds, p99: milliseconds, bids: z.int() })
    .describe('last 15 minutes'),
  qi: z
    .object({ calls: z.int(), failed: z.int(), p50_ms: milliseconds, p99_ms: milliseconds })
    .describe('our calls of the last 15 minutes'),
  webhooks_last_minute: z.int(),
  parked_events: z.int(),
  open_tasks: z.int(),
  policies_in_review: z
    .array(z.object({ number: z.int(), authors: z.array(z.string()) }))
    .describe('versions that wait for the approval of somebody who wrote no part of them; 20 at most'),
  limits: z
    .array(z.object({ name: z.enum(SHARED_LIMITS), used: decimal, cap: decimal }))
    .describe(
      'what all bids share and the active policy limits: reais at risk, bids of this day, hour and minute',
    ),
  policy: z.object({ version: z.string(), hash: z.string(), name: z.string() }),
  kill_switch: z.object({
    engaged: z.boolean(),
    reason: z.string(),
    actor: z.string(),
    changed_at: z.iso.datetime(),
  }),
});
export type OverviewView = z.output<typeof overview>;
export class OverviewDto extends createZodDto(overview) {}

const FRESH_FOR_MS = 2_000;

interface Figures {
  readonly as_of: Date;
  readonly since: Date;
  readonly statuses: Partial<Record<AuctionStatus, number>>;
  readonly unanswered: Partial<Record<'won' | 'lost', number>>;
  readonly bids: string;
  readonly bids_amount: string;
  readonly won: string;
  readonly won_amount: string;
  readonly disbursed: string;
  readonly disbursed_amount: string;
  readonly recent_bids: string;
  readonly receive_p50: number | null;
  readonly receive_p99: number | null;
  readonly calls: string;
  readonly failed_calls: string;
  readonly call_p50: number | null;
  readonly call_p99: number | null;
  readonly webhooks: string;
  readonly parked: string;
  readonly tasks: string;
  readonly policies_in_review: { readonly number: number; readonly authors: string[] }[];
  readonly used: Partial<Record<(typeof SHARED_LIMITS)[number], string>>;
  readonly engaged: boolean;
  readonly reason: string;
  readonly actor: string;
  readonly changed_at: Date;
}

/** Written out where rows are chosen by it: of what a subquery brings PostgreSQL expects a third of the table. */
const SINCE = `date_trunc('day', now(), '${SAO_PAULO}')`;

const FIGURES = `
  WITH statuses AS (
    SELECT status, count(*) FROM auction WHERE received_at >= ${SINCE} GROUP BY status),
  unanswered AS (
    SELECT status, count(*) FROM history_fact WHERE day = (now() AT TIME ZONE '${SAO_PAULO}')::date AND unanswered GROUP BY status),
  placed AS (
    SELECT count(*), coalesce(sum(disbursed_issue_amount), 0) AS amount FROM bid
    WHERE status = 'accepted' AND submitted_at >= ${SINCE}),
  won AS (
    SELECT count(*), coalesce(sum(disbursed_issue_amount), 0) AS amount FROM operation
    WHERE origin = 'auction' AND opened_at >= ${SINCE}),
  disbursed AS (
    SELECT count(*), coalesce(sum(disbursed_issue_amount), 0) AS amount FROM operation
    WHERE status = 'disbursed' AND ended_at >= ${SINCE}),
  recent AS (
    SELECT bid.request_control_key, extract(epoch FROM bid.submitted_at - auction.received_at) * 1000 AS ms
    FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
    WHERE bid.submitted_at >= now() - interval '15 minutes'),
  latency AS (
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50,
      percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99 FROM recent),
  calls AS (
    SELECT count(*), count(*) FILTER (WHERE outcome NOT IN ('accepted', 'rejected')) AS failed,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - sent_at) * 1000) AS p50,
      percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - sent_at) * 1000) AS p99
    FROM recent JOIN bid_attempt USING (request_control_key)
    WHERE detail IS DISTINCT FROM 'circuit_open') -- which was no call
  SELECT now() AS as_of, ${SINCE} AS since,
    (SELECT coalesce(json_object_agg(status, count), '{}') FROM statuses) AS statuses,
    (SELECT coalesce(json_object_agg(status, count), '{}') FROM unanswered) AS unanswered,
    placed.count AS bids, placed.amount AS bids_amount, won.count AS won, won.amount AS won_amount,
    disbursed.count AS disbursed, disbursed.amount AS disbursed_amount,
    latency.count AS recent_bids, latency.p50 AS receive_p50, latency.p99 AS receive_p99,
    calls.count AS calls, calls.failed AS failed_calls, calls.p50 AS call_p50, calls.p99 AS call_p99,
    (SELECT count(*) FROM webhook_event WHERE received_at >= now() - interval '1 minute') AS webhooks,
    (SELECT count(*) FROM webhook_event WHERE status = 'parked' AND settled_at IS NULL) AS parked,
    (SELECT count(*) FROM task WHERE status <> 'resolved') AS tasks,
    (SELECT coalesce(json_agg(json_build_object('number', number, 'authors', authors)), '[]') FROM (
       SELECT number, authors FROM policy_version WHERE state = 'in_review' ORDER BY number DESC LIMIT 20) waiting
    ) AS policies_in_review,
    (SELECT coalesce(json_object_agg(name, used::text), '{}') FROM limit_use JOIN (VALUES
       ('total', ''),
       ('per_day', to_char(now() AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM-DD')),
       ('bids_per_day', to_char(now() AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM-DD')),
       ('bids_per_hour', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24')),
       ('bids_per_minute', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI'))
     ) AS present (name, key) USING (name, key)) AS used,
    k.engaged, k.reason, k.actor, k.changed_at
  FROM placed, won, disbursed, latency, calls, kill_switch k`;

/** The day so far and the state of things, as everybody's screen shows them. Computed once for all who ask at once. */
@Injectable()
export class Overview {
  #latest: { readonly at: number; readonly view: Promise<OverviewView> } | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  current(): Promise<OverviewView> {
    const now = this.clock.monotonicMs();
    if (this.#latest === undefined || now - this.#latest.at >= FRESH_FOR_MS) {
      const view = this.#compute();
      this.#latest = { at: now, view };
      view.catch(() => (this.#latest = undefined));
    }
    return this.#latest.view;
  }

  async #compute(): Promise<OverviewView> {
    const [row] = await this.dataSource.query<Figures[]>(FIGURES);
    if (row === undefined) throw new Error('the kill switch is gone');
    const statuses = byStatus((status) => row.statuses[status] ?? 0);
    const { version, compiled } = this.policies.current();
    const caps = capsOf(compiled);
    return {
      as_of: row.as_of.toISOString(),
      since: row.since.toISOString(),
      statuses,
      unanswered: { won: row.unanswered.won ?? 0, lost: row.unanswered.lost ?? 0 },
      received: Object.values(statuses).reduce((sum, count) => sum + count, 0),
      bids: { count: Number(row.bids), amount: row.bids_amount },
      won: { count: Number(row.won), amount: row.won_amount },
      disbursed: { count: Number(row.disbursed), amount: row.disbursed_amount },
      receive_to_bid_ms: { p50: row.receive_p50, p99: row.receive_p99, bids: Number(row.recent_bids) },
      qi: {
        calls: Number(row.calls),
        failed: Number(row.failed_calls),
        p50_ms: row.call_p50,
        p99_ms: row.call_p99,
      },
      webhooks_last_minute: Number(row.webhooks),
      parked_events: Number(row.parked),
      open_tasks: Number(row.tasks),
      policies_in_review: row.policies_in_review,
      limits: SHARED_LIMITS.flatMap((name) => {
        const cap = caps[name];
        return cap === undefined ? [] : [{ name, used: row.used[name] ?? '0', cap: cap.toFixed() }];
      }),
      policy: { version, hash: compiled.hash, name: compiled.policy.name },
      kill_switch: {
        engaged: row.engaged,
        reason: row.reason,
        actor: row.actor,
        changed_at: row.changed_at.toISOString(),
      },
    };
  }
}
