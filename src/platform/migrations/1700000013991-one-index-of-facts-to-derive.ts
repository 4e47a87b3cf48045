import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What the release before derives anew is among what this one does: the wider index serves both. */
export class OneIndexOfFactsToDerive1700000013991 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP INDEX history_fact_outdated`);
  }
}
