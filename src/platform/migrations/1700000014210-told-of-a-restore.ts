import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whoever is told that bidding is stopped, by people or because nobody watches, is told that a restore stops it. */
export class ToldOfARestore1700000014210 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `UPDATE notification_endpoint SET event_types = event_types || 'alert.restore_unconfirmed'::text
       WHERE removed_at IS NULL AND event_types && ARRAY['alert.bidding_stopped', 'alert.unwatched']
         AND 'alert.restore_unconfirmed' <> ALL (event_types)`,
    );
  }
}
