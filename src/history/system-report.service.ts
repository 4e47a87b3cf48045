import { Inject, Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { InstanceRegistry, instant, readPrivilege, SETTINGS, type Settings } from '../platform';

const milliseconds = z.number().nullable();

export class SystemDto extends createZodDto(
  z.object({
    instances: z.array(
      z.object({
        id: z.uuid(),
        host: z.string(),
        role: z.string(),
        version: z.string().describe('empty for one that began before versions were noted'),
        started_at: instant,
        alive: z.boolean(),
        clock_offset_ms: z.int().nullable().describe("how far its clock is ahead of the database's"),
        decides: z.boolean().describe('false while its clock is too far off'),
        late_work: z
          .array(z.string())
          .describe('what it does not do any more that it does again and again, longest first'),
        dry_run: z.boolean().nullable().describe('whether it sends nothing; null: it does not say'),
        is_this_one: z.boolean(),
      }),
    ),
    events: z.object({
      new: z.int(),
      waiting: z.int(),
      parked: z.int(),
      oldest_new_at: instant.nullable(),
    }),
    missed: z
      .array(z.object({ status: z.string(), reason: z.string(), count: z.int(), latest_at: instant }))
      .describe(
        'last 24 hours: auctions for which no bid was sent in time, whose bid QI refused, or of which nobody knows whether QI has our bid or how they ended, and why',
      ),
    latency: z
      .array(
        z.object({
          minute: instant,
          bids: z.int(),
          receive_to_bid_p50_ms: milliseconds,
          receive_to_bid_p99_ms: milliseconds,
          qi_p50_ms: milliseconds,
          qi_p99_ms: milliseconds,
        }),
      )
      .describe('last hour, minute by minute'),
    qi: z
      .array(
        z.object({
          minutes: z.int(),
          calls: z.int(),
          failed: z.int(),
          p50_ms: milliseconds,
          p99_ms: milliseconds,
        }),
      )
      .describe(
        'our proposals to QI in the last minutes, the shortest window first; failed are all that QI neither took nor refused',
      ),
    drift: z
      .object({ compared: z.int(), differing: z.int() })
      .describe("last 24 hours: QI's simulations against our figures"),
    settings: z.array(z.object({ name: z.string(), value: z.string() })).describe('secrets are masked'),
    database: z.object({
      version: z.string(),
      size_bytes: z.string(),
      role: z.string(),
      privilege: z
        .enum(['restricted', 'excessive', 'owner'])
        .describe('restricted: the service can add to the audit trail and not undo what protects it'),
    }),
  }),
) {}

/** Settings that anybody with the health page may read; everything else is only said to be set or not. */
const OPEN_SETTINGS = [
  'PORT',
  'HOST',
  'ARREMATE_ROLE',
  'ARREMATE_DRY_RUN',
  'ARREMATE_LOG_LEVEL',
  'ARREMATE_TRUSTED_PROXIES',
  'ARREMATE_MANAGEMENT_PORT',
  'ARREMATE_AUDIT_ANCHOR_FILE',
  'PURCHASER_DOCUMENT_NUMBER',
  'QI_BASE_URL',
  'QI_SIGNING',
  'QI_WEBHOOK_AUTH',
  'QI_DEADLINE_ZONE',
  'QI_TIMEOUT_MS',
  'QI_REPEAT_UNKNOWN',
] as const;
const SECRET_SETTINGS = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'ARREMATE_ENCRYPTION_KEY',
  'ARREMATE_API_TOKEN',
  'ARREMATE_MANAGEMENT_TOKEN',
  'ARREMATE_AUDIT_ANCHOR_URL',
  'QI_API_CLIENT_KEY',
  'QI_PRIVATE_KEY_FILE',
  'QI_PUBLIC_KEY_FILE',
] as const;

const MISSED = `
  SELECT status, coalesce(status_reason, '') AS reason, count(*)::integer AS count, max(received_at) AS latest_at
  FROM auction WHERE received_at > now() - interval '1 day' AND status IN ('missed', 'rejected', 'unknown', 'expired', 'parked')
  GROUP BY 1, 2 ORDER BY 3 DESC`;

const LATENCY = `
  WITH sent AS (
    SELECT date_trunc('minute', bid.submitted_at) AS minute,
      extract(epoch FROM bid.submitted_at - auction.received_at) * 1000 AS receive_ms,
      extract(epoch FROM bid.answered_at - bid.submitted_at) * 1000 AS qi_ms
    FROM bid JOIN auction ON issuer_proposal_request_key = auction_key
    WHERE bid.submitted_at > now() - interval '1 hour')
  SELECT minute, count(*)::integer AS bids,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY receive_ms) AS receive_to_bid_p50_ms,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY receive_ms) AS receive_to_bid_p99_ms,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY qi_ms) AS qi_p50_ms,
    percentile_cont(0.99) WITHIN GROUP (ORDER BY qi_ms) AS qi_p99_ms
  FROM sent GROUP BY 1 ORDER BY 1`;

/** A long window alone would say for a quarter of an hour that QI is down, or that it is not. */
const QI = `
  SELECT minutes, count(sent_at)::integer AS calls,
    count(*) FILTER (WHERE outcome NOT IN ('accepted', 'rejected'))::integer AS failed,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS p50_ms, percentile_cont(0.99) WITHIN GROUP (ORDER BY ms) AS p99_ms
  FROM (VALUES (1), (15)) AS windows (minutes) LEFT JOIN (
    SELECT sent_at, outcome, extract(epoch FROM bid_attempt.answered_at - sent_at) * 1000 AS ms
    FROM bid JOIN bid_attempt USING (request_control_key)
    WHERE submitted_at > now() - interval '15 minutes' AND detail IS DISTINCT FROM 'circuit_open') AS call
    ON sent_at > now() - minutes * interval '1 minute'
  GROUP BY minutes ORDER BY minutes`;

const EVENTS = `
  SELECT (SELECT count(*)::integer FROM webhook_event WHERE status = 'new') AS new,
    (SELECT count(*)::integer FROM webhook_event WHERE status = 'waiting') AS waiting,
    (SELECT count(*)::integer FROM webhook_event WHERE status = 'parked' AND settled_at IS NULL) AS parked,
    (SELECT min(received_at) FROM webhook_event WHERE status = 'new') AS oldest_new_at`;

const INSTANCES = `
  SELECT id, host, role, version, started_at, alive_until > clock_timestamp() AS alive, clock_offset_ms, decides,
    late_work, dry_run
  FROM instance ORDER BY started_at DESC, id`;

const DRIFT = `
  SELECT count(*)::integer AS compared,
    count(*) FILTER (WHERE jsonb_array_length(drift -> 'remarkable') > 0)::integer AS differing
  FROM bid WHERE submitted_at > now() - interval '1 day' AND drift IS NOT NULL`;

/** What the engineer on call wants to see first. No secrets and no people in it. */
@Injectable()
export class SystemReport {
  constructor(
    private readonly dataSource: DataSource,
    private readonly instance: InstanceRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async read(): Promise<z.output<typeof SystemDto.schema>> {
    const [instances, [events], missed, latency, qi, [drift], [database], privilege] = await Promise.all([
      this.dataSource.query<InstanceRow[]>(INSTANCES),
      this.dataSource.query<{ new: number; waiting: number; parked: number; oldest_new_at: Date | null }[]>(
        EVENTS,
      ),
      this.dataSource.query<{ status: string; reason: string; count: number; latest_at: Date }[]>(MISSED),
      this.dataSource.query<LatencyRow[]>(LATENCY),
      this.dataSource.query<QiRow[]>(QI),
      this.dataSource.query<{ compared: number; differing: number }[]>(DRIFT),
      this.dataSource.query<{ version: string; size_bytes: string }[]>(
        `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::text AS size_bytes`,
      ),
      readPrivilege(this.dataSource),
    ]);
    if (events === undefined || database === undefined || drift === undefined)
      throw new Error('a query without a row');
    return {
      instances: instances.map(({ started_at, ...instance }) => ({
        ...instance,
        started_at: started_at.toISOString(),
        is_this_one: instance.id === this.instance.id,
      })),
      events: { ...events, oldest_new_at: events.oldest_new_at?.toISOString() ?? null },
      missed: missed.map((row) => ({ ...row, latest_at: row.latest_at.toISOString() })),
      latency: latency.map((row) => ({ ...row, minute: row.minute.toISOString() })),
      qi,
      drift,
      settings: this.#shownSettings(),
      database: { ...database, ...privilege },
    };
  }

  #shownSettings(): { name: string; value: string }[] {
    return [
      ...OPEN_SETTINGS.map((name) => ({ name, value: String(this.settings[name] ?? '') })),
      ...SECRET_SETTINGS.map((name) => ({ name, value: this.settings[name] === undefined ? '' : '••••••' })),
    ];
  }
}

interface InstanceRow {
  readonly id: string;
  readonly host: string;
  readonly role: string;
  readonly version: string;
  readonly started_at: Date;
  readonly alive: boolean;
  readonly clock_offset_ms: number | null;
  readonly decides: boolean;
  readonly late_work: string[];
  readonly dry_run: boolean | null;
}

interface LatencyRow {
  readonly minute: Date;
  readonly bids: number;
  readonly receive_to_bid_p50_ms: number | null;
  readonly receive_to_bid_p99_ms: number | null;
  readonly qi_p50_ms: number | null;
  readonly qi_p99_ms: number | null;
}

interface QiRow {
  readonly minutes: number;
  readonly calls: number;
  readonly failed: number;
  readonly p50_ms: number | null;
  readonly p99_ms: number | null;
}
