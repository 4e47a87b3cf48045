import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether the answer to an attempt of a command was ever lost, whatever was believed of it since. */
export class AnswerLost1700000014050 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['operation_command', 'proposal_command'])
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN answer_lost boolean NOT NULL DEFAULT false`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
