import type { DataSource, EntityManager } from 'typeorm';
import type { CalendarDate } from '../kernel';
import { isSealed, type AuditTrail } from '../platform';

/** Which archived webhooks: those of one key, of one day of São Paulo, or of a span; several narrow each other. */
export interface ReplaySelection {
  /** A request, proposal or operation; webhooks under the other keys of the same auction belong to it too. */
  readonly key: string | undefined;
  readonly day: CalendarDate | undefined;
  /** Receipt at or after. */
  readonly from: Date | undefined;
  /** Receipt before. */
  readonly before: Date | undefined;
}

export interface ReplayedType {
  readonly webhookType: string | null;
  /** What had become of them. */
  readonly status: 'done' | 'parked';
  readonly events: number;
}

/** Those under way or waiting for another are handled anyway. */
const SELECTED = `status IN ('done', 'parked')
  AND ${isSealed('raw_ciphertext')} -- what was erased cannot be handled again
  AND ($1::text IS NULL OR event_key = ANY (ARRAY(
    SELECT $1 UNION
    SELECT unnest(ARRAY[issuer_proposal_request_key, auction_proposal_key, credit_operation_key]) FROM auction
    WHERE issuer_proposal_request_key = $1 OR auction_proposal_key = $1 OR credit_operation_key = $1)))
  AND ($2::date IS NULL OR received_at >= $2::date::timestamp AT TIME ZONE 'America/Sao_Paulo'
    AND received_at < ($2::date + 1)::timestamp AT TIME ZONE 'America/Sao_Paulo')
  AND ($3::timestamptz IS NULL OR received_at >= $3)
  AND ($4::timestamptz IS NULL OR received_at < $4)`;

/** The dry run: what would be handled again. */
export async function previewReplay(
  database: Pick<EntityManager, 'query'>,
  selection: ReplaySelection,
): Promise<readonly ReplayedType[]> {
  return database.query<ReplayedType[]>(
    `SELECT webhook_type AS "webhookType", status, count(*)::int AS events FROM webhook_event
     WHERE ${SELECTED} GROUP BY webhook_type, status ORDER BY webhook_type, status`,
    parametersOf(selection),
  );
}

/**
 * Has the archived originals handled again, in order of receipt, by whichever process sees them first. Whatever was
 * applied already is not applied twice: only what was missed or parked has an effect.
 */
export async function replayWebhooks(
  dataSource: DataSource,
  audit: AuditTrail,
  selection: ReplaySelection,
  { actor, reason }: { readonly actor: string; readonly reason: string },
): Promise<readonly ReplayedType[]> {
  return dataSource.transaction(async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`); // a day of a busy auction house is many rows
    const replayed = await previewReplay(tx, selection);
    await tx.query(
      `UPDATE webhook_event SET status = 'new', reason = NULL, attempts = 0, not_before = NULL, lease_owner = NULL,
         settled_at = NULL, settled_by = NULL
       WHERE ${SELECTED}`,
      parametersOf(selection),
    );
    const { key, day, from, before } = selection;
    await audit.record(tx, {
      actor,
      action: 'webhook_events.replayed',
      subject: 'webhook events',
      reason,
      details: {
        key: key ?? null,
        day: day ?? null,
        from: from?.toISOString() ?? null,
        before: before?.toISOString() ?? null,
        events: String(totalOf(replayed)),
      },
    });
    return replayed;
  });
}

export function totalOf(types: readonly ReplayedType[]): number {
  return types.reduce((sum, { events }) => sum + events, 0);
}

function parametersOf({ key, day, from, before }: ReplaySelection): unknown[] {
  return [key ?? null, day ?? null, from ?? null, before ?? null];
}
