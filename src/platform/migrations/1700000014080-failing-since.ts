import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Since when an endpoint takes nothing that it is sent: what is sent a third time waits behind all that is new. */
export class FailingSince1700000014080 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_endpoint ADD COLUMN failing_since timestamptz`);
  }
}
