import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Since when what an endpoint is sent is given up, nothing having arrived in between: people are told until something does. */
export class GivenUpSince1700000013780 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_endpoint ADD COLUMN given_up_since timestamptz`);
  }
}
