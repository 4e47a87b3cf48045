import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** When the next balance query of a product may really leave: the places that were given away pass while nobody sends. */
export class QueryTurns1700000014111 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Apart from query_pace, which a file of proposals locks until all of them are opened.
      CREATE TABLE query_turn (
        product text PRIMARY KEY,
        -- The next one may leave.
        free_at timestamptz NOT NULL,
        -- The end of the row of those that came too soon.
        row_until timestamptz NOT NULL
      );
    `);
  }
}
