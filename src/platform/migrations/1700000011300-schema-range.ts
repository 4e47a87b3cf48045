import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Which code may run on this schema, and which code does: releases stand beside each other during a rollout. */
export class SchemaRange1700000011300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- Code that does not know this migration cannot run on the schema any more.
      ALTER TABLE migration ADD COLUMN breaks_older_code boolean NOT NULL DEFAULT false;
      -- The newest migration that the code of a process knows; 0 for code from before this column.
      ALTER TABLE instance ADD COLUMN newest_migration bigint NOT NULL DEFAULT 0;
    `);
  }
}
