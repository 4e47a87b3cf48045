import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Of a mail that a server took for some of its recipients: who has it. It is repeated to the others. */
export class TakenBy1700000013785 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE notification_delivery ADD COLUMN taken_by text[]`);
  }
}
