import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Up to which day what was learnt has been looked at again as ends are read now: each night would ask for every win and loss anew. */
export class LearntLookedAtOnce1700000014020 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE rate_model_reopening (
        segments text PRIMARY KEY,
        reading smallint NOT NULL,
        through date NOT NULL
      )`);
  }
}
