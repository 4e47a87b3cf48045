import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Of what is told to people: while it was being sent, there was a later word of the same thing. It is not sent again. */
export class OvertakenDeliveries1700000014250 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE notification_delivery ADD COLUMN overtaken boolean NOT NULL DEFAULT false`,
    );
  }
}
