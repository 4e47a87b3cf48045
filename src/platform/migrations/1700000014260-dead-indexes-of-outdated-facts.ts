import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** No release that may still run looks with these two: each was followed by a wider one, and every write of a fact kept all of them. */
export class DeadIndexesOfOutdatedFacts1700000014260 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX IF EXISTS history_fact_to_derive, history_fact_to_derive_anew`);
  }
}
