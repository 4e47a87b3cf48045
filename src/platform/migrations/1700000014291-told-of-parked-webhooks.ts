import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whoever is told that webhooks are not handled is told of those that wait for a person. */
export class ToldOfParkedWebhooks1700000014291 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `UPDATE notification_endpoint SET event_types = event_types || 'alert.webhooks_parked'::text
       WHERE removed_at IS NULL AND 'alert.webhooks_unhandled' = ANY (event_types)
         AND 'alert.webhooks_parked' <> ALL (event_types)`,
    );
  }
}
