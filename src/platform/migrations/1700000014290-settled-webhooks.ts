import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Who said of a parked webhook that there is nothing left to do with it, and when. */
export class SettledWebhooks1700000014290 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE webhook_event ADD COLUMN settled_at timestamptz, ADD COLUMN settled_by text`,
    );
  }
}
