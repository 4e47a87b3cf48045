import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Which version was in force when the date of another was set: what is put in force since was not there to be seen then. */
export class ScheduledOver1700000013860 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE policy_version ADD COLUMN scheduled_over integer`);
  }
}
