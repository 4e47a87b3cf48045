import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which versions were put in force by their date and which by a person, who saw what was refused before. */
export class ActivationsBySchedule1700000013940 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE policy_activation ADD COLUMN scheduled boolean NOT NULL DEFAULT false`,
    );
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
