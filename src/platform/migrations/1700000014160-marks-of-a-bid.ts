import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * The number of the last mark of a bid, so that one which comes late is told from it. The release before counts none: its
 * own stay at zero, and are marked as before.
 */
export class MarksOfABid1700000014160 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE bid ADD COLUMN marks integer NOT NULL DEFAULT 0');
  }
}
