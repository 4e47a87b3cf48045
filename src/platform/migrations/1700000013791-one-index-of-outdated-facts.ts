import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Facts of an older shape are among the outdated ones. */
export class OneIndexOfOutdatedFacts1700000013791 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_older_shape`);
  }
}
