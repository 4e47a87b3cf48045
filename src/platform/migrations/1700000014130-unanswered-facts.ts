import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/**
 * Of an auction that was won or lost, whether QI had not answered our bid: its end says nothing of our price. Nothing in a sum is
 * "not counted yet": the release before writes sums without it, into copies of the table as well, which have no defaults.
 */
export class UnansweredFacts1700000014130 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE history_fact ADD COLUMN unanswered boolean;
      ALTER TABLE history_sum ADD COLUMN unanswered_won numeric, ADD COLUMN unanswered_lost numeric;
    `);
  }
}
