import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a process has ARREMATE_API_TOKEN; NULL: it does not say, as the release before. */
export class WhoHasTheToken1700000014243 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE instance ADD COLUMN has_api_token boolean`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
