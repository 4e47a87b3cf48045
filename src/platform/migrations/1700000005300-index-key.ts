import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Which key the blind indexes are made with: with another one, nobody would be found any more. */
export class IndexKey1700000005300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE index_key (
        one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row),
        key_id text NOT NULL
      );
    `);
  }
}
