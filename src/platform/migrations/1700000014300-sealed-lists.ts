import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The address of a list of people tells nobody who stands on it: a line of our key's goes into what is hashed. */
export class SealedLists1700000014300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Whether the last line is no entry but the seal. Releases before count it as an entry.
      ALTER TABLE policy_list ADD COLUMN is_sealed boolean NOT NULL DEFAULT false;
    `);
  }
}
