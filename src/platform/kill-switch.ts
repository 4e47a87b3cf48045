import type { EntityManager } from 'typeorm';
import type { AuditTrail } from './audit-trail.service';

/** Who stops bidding because nobody watches the engine, and may let it go on. */
export const UNWATCHED = 'system:unwatched';

/** Of `kill_switch`: since when people have bidding stopped, whatever reasons they gave since. The release before writes no such time. */
export const STOPPED_SINCE = 'coalesce(engaged_since, changed_at)';

export interface SwitchChange {
  readonly engaged: boolean;
  readonly reason: string;
  readonly actor: string;
}

/**
 * Stops or resumes all bidding. Every send checks the switch in the statement that permits it. A request to resume that
 * waits for a second person is void, whoever switches: it was made for other reasons. The last thing in its transaction,
 * as everything that is audited.
 */
export async function switchBidding(
  tx: EntityManager,
  audit: AuditTrail,
  { engaged, reason, actor }: SwitchChange,
): Promise<void> {
  await tx.query(
    `UPDATE kill_switch SET engaged = $1, reason = $2, actor = $3, changed_at = clock_timestamp(),
       engaged_since = CASE WHEN NOT $1 THEN NULL
         WHEN engaged AND actor <> '${UNWATCHED}' THEN ${STOPPED_SINCE} ELSE clock_timestamp() END
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
