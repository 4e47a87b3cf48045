import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What the key of a sum begins with is found by the key. */
export class OneKeyOfSums1700000013520 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_sum_of`);
  }
}
