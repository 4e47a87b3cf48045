import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** With every live bid in an index, each end of an auction wrote all indexes of its fact anew. */
export class FactsInFlight1700000013030 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_in_flight`);
  }
}
