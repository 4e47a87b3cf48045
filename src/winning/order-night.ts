import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { addDays, calendarDateAt, type CalendarDate } from '../kernel';
import type { AuditTrail } from '../platform';

export interface NightOrdered {
  readonly policyHash: string;
  readonly now: Date;
  /** Who asks for it. */
  readonly actor: string;
}

/** Has the last day learnt from again, whatever came of it before; one that is being learnt from goes on. */
export async function orderNight(
  tx: EntityManager,
  audit: AuditTrail,
  { policyHash, now, actor }: NightOrdered,
): Promise<void> {
  await tx.query(
    `INSERT INTO rate_model_run (id, policy_hash, day, state, ordered_by, ordered_at) VALUES ($1, $2, $3, 'ordered', $4, $5)
     ON CONFLICT (policy_hash, day) DO UPDATE SET state = 'ordered', reason = NULL, version = NULL, finished_at = NULL,
       lease_owner = NULL, ordered_by = excluded.ordered_by, ordered_at = excluded.ordered_at
     WHERE rate_model_run.state <> 'running' OR NOT instance_is_alive(rate_model_run.lease_owner)`,
    [randomUUID(), policyHash, dayBefore(now), actor, now],
  );
  await audit.record(tx, { actor, action: 'rate_model.ordered', subject: `policy:${policyHash}` });
}

/** The last day that has ended in São Paulo. */
export function dayBefore(now: Date): CalendarDate {
  return addDays(calendarDateAt(now), -1);
}

/**
 * `npm run learn`: the night of the active policy, by whichever service runs.
 * @returns the exit code: 0 ordered, 1 the policy lets nothing be learnt
 */
export async function runLearnCommand(
  tx: EntityManager,
  audit: AuditTrail,
  { now, actor, out }: Omit<NightOrdered, 'policyHash'> & { readonly out: (line: string) => void },
): Promise<number> {
  const [active] = await tx.query<{ hash: string }[]>(
    `SELECT hash FROM policy_version WHERE state = 'active' AND (document::jsonb -> 'learning' -> 'enabled')::boolean`,
  );
  if (active === undefined) {
    out('A política ativa não deixa aprender taxas: não há mandato.');
    return 1;
  }
  await orderNight(tx, audit, { policyHash: active.hash, now, actor });
  out('Pedido: o serviço aprende dentro de um minuto; o resultado fica em GET /api/v1/rate-models.');
  return 0;
}
