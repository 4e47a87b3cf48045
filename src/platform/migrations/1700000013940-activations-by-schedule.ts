import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Which versions were put in force by their date and which by a person, who saw what was refused before. */
export class ActivationsBySchedule1700000013940 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE policy_activation ADD COLUMN scheduled boolean NOT NULL DEFAULT false`,
    );
  }
}
