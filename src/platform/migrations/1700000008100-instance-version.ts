import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which version of the product each process runs: while a new one is rolled out, they differ. */
export class InstanceVersion1700000008100 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE instance ADD COLUMN version text NOT NULL DEFAULT ''`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE instance DROP COLUMN version`);
  }
}
