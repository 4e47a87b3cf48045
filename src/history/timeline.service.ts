import { Injectable } from '@nestjs/common';
import { createZodDto } from 'nestjs-zod';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { instant } from '../platform';

export const TIMELINE_KINDS = [
  'webhook',
  'decision',
  'bid',
  'call',
  'operation',
  'command',
  'task',
  'person',
] as const;

export class TimelineDto extends createZodDto(
  z.object({
    items: z.array(
      z.object({
        at: instant,
        kind: z.enum(TIMELINE_KINDS),
        what: z.string().describe('a code: webhook type, outcome, status, action'),
        result: z.string().nullable().describe('what became of it'),
        actor: z.string().nullable(),
        detail: z.string().nullable().describe("words or keys to show; QI's words where it gave some"),
        duration_ms: z.number().nullable(),
        request: z.string().nullable().describe('of a call: the terms we sent, JSON'),
        response: z.string().nullable().describe('of a call: what QI answered, without document numbers'),
      }),
    ),
  }),
) {}

interface Entry {
  readonly at: Date;
  readonly kind: (typeof TIMELINE_KINDS)[number];
  readonly what: string;
  readonly result: string | null;
  readonly actor: string | null;
  readonly detail: string | null;
  readonly duration_ms: number | null;
  readonly request: string | null;
  readonly response: string | null;
}

/** Everything that happened around one auction, in one order: what QI said, what we decided, asked and were told. */
const TIMELINE = `
  WITH keys AS (
    SELECT issuer_proposal_request_key AS auction_key, credit_operation_key, webhook_event_id
    FROM auction WHERE issuer_proposal_request_key = $1
  )
  SELECT e.received_at AS at, 'webhook' AS kind, coalesce(e.webhook_type, '') AS what,
    e.status || coalesce(': ' || e.reason, '') AS result, NULL AS actor, e.event_status AS detail,
    (extract(epoch FROM e.handled_at - e.received_at) * 1000)::float8 AS duration_ms,
    NULL AS request, NULL AS response, 1 AS step
  FROM keys, webhook_event e
  WHERE e.id = keys.webhook_event_id OR e.event_key IN (keys.auction_key, keys.credit_operation_key)
     OR e.event_key IN (SELECT auction_proposal_key FROM bid WHERE auction_key = $1 AND auction_proposal_key IS NOT NULL)
  UNION ALL
  SELECT decided_at, 'decision', outcome, array_to_string(reason_codes, ', '), NULL, policy_version, NULL, NULL, NULL, 2
  FROM decision WHERE auction_key = $1
  UNION ALL
  SELECT created_at, 'bid', 'intended', status, NULL, request_control_key::text, NULL, NULL, NULL, 3
  FROM bid WHERE auction_key = $1
  UNION ALL
  SELECT t.sent_at, 'call', 'auction_proposal', t.outcome || coalesce(' ' || t.http_status, ''), NULL, t.detail,
    (extract(epoch FROM t.answered_at - t.sent_at) * 1000)::float8,
    jsonb_strip_nulls(jsonb_build_object('request_control_key', request_control_key,
      'disbursed_issue_amount', disbursed_issue_amount, 'monthly_interest_rate', monthly_interest_rate,
      'number_of_installments', number_of_installments, 'days_to_expiration', days_to_expiration,
      'rebates', nullif(rebates, '[]')))::text,
    nullif(t.answer, ''), 4
  FROM bid JOIN bid_attempt t USING (request_control_key) WHERE auction_key = $1
  UNION ALL
  SELECT v.recorded_at, 'operation', v.kind, v.to_status, v.actor, nullif(v.effect, 'applied'), NULL, NULL, NULL, 5
  FROM keys JOIN operation_event v ON v.credit_operation_key = keys.credit_operation_key
  UNION ALL
  SELECT coalesce(c.sent_at, c.created_at), 'command', c.action, c.status, c.actor, c.answer_text,
    (extract(epoch FROM c.settled_at - c.sent_at) * 1000)::float8, NULL, NULL, 6
  FROM keys JOIN operation_command c ON c.credit_operation_key = keys.credit_operation_key
  UNION ALL
  SELECT h.at, 'task', task.kind, h.action, h.actor, h.note, NULL, NULL, NULL, 7
  FROM keys JOIN task ON keys.credit_operation_key = task.credit_operation_key OR keys.auction_key = task.auction_key
    JOIN task_history h ON h.task_id = task.id
  UNION ALL
  SELECT p.at, 'person', p.action, NULL, p.actor, p.reason, NULL, NULL, NULL, 8
  FROM keys JOIN audit_event p ON p.subject IN (keys.auction_key, 'auction ' || keys.auction_key, keys.credit_operation_key)
  ORDER BY at, step`;

@Injectable()
export class Timeline {
  constructor(private readonly dataSource: DataSource) {}

  async of(auctionKey: string): Promise<z.output<typeof TimelineDto.schema>> {
    const entries = await this.dataSource.query<Entry[]>(TIMELINE, [auctionKey]);
    return {
      items: entries.map((entry) => ({
        at: entry.at.toISOString(),
        kind: entry.kind,
        what: entry.what,
        result: entry.result === '' ? null : entry.result,
        actor: entry.actor,
        detail: entry.detail,
        duration_ms: entry.duration_ms,
        request: entry.request,
        response: entry.response,
      })),
    };
  }
}
