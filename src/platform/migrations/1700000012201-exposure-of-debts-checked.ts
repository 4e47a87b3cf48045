import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** The rows from before hold what new ones must. */
export class ExposureOfDebtsChecked1700000012201 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE exposure VALIDATE CONSTRAINT exposure_of_bid_or_debt`);
  }
}
