import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Who is told that nothing is won is not while bidding is stopped, and who is told that versions wait has those refused come back. */
const ALSO = [
  ['alert.wins_silent', 'alert.bidding_stopped'],
  ['alert.approvals_waiting', 'alert.activation_refused'],
] as const;

/**
 * Since when bidding is stopped, whoever gave it another reason meanwhile. Endpoints name the kinds they listen to one by one: two
 * that came later would have reached none that was there.
 */
export class ToldOfWhatStops1700000013941 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE kill_switch ADD COLUMN engaged_since timestamptz`);
    for (const [present, also] of ALSO)
      await queryRunner.query(
        `UPDATE notification_endpoint SET event_types = event_types || $2::text
         WHERE removed_at IS NULL AND $1 = ANY (event_types) AND $2 <> ALL (event_types)`,
        [present, also],
      );
  }
}
