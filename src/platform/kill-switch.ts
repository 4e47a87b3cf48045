import type { EntityManager } from 'typeorm';
import type { AuditTrail } from './audit/audit-trail.service';

/** Who stops bidding because nobody watches the engine, and may let it go on. */
export const UNWATCHED = 'system:unwatched';

export interface SwitchChange {
  readonly engaged: boolean;
  readonly reason: string;
  readonly actor: string;
}

/**
 * Stops or resumes all bidding. Every send checks the switch in the statement that permits it. A request to resume that
 * waits for a second person is void, whoever switches: it was made for other reasons. Since when people have it stopped
 * (`engaged_since`) the database keeps by itself, through all releases. The last thing in its transaction, as everything that
 * is audited.
 */
export async function switchBidding(
  tx: EntityManager,
  audit: AuditTrail,
  { engaged, reason, actor }: SwitchChange,
): Promise<void> {
  await tx.query(
    `UPDATE kill_switch SET engaged = $1, reason = $2, actor = $3, changed_at = clock_timestamp()
     WHERE name = 'bidding'`,
    [engaged, reason, actor],
  );
  await tx.query(
    `UPDATE approval SET status = 'withdrawn', decided_by = $1, decided_at = clock_timestamp(), note = $2
     WHERE action = 'release_kill_switch' AND status = 'pending'`,
    [actor, reason],
  );
  const action = engaged ? 'kill_switch.engaged' : 'kill_switch.released';
  await audit.record(tx, { actor, action, subject: 'bidding', reason });
}
