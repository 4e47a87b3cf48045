import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Employers are counted for the auctions of one status too: days and months of these are units of their own. */
export class EmployersOfSlices1700000013750 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE history_employer_sum DROP CONSTRAINT history_employer_sum_unit_check,
        ADD CONSTRAINT history_employer_sum_unit_check CHECK (unit ~ '^(day|month)(@|$)') NOT VALID;
    `);
  }
}
