import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whether a process has ARREMATE_API_TOKEN; NULL: it does not say, as the release before. */
export class WhoHasTheToken1700000014243 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE instance ADD COLUMN has_api_token boolean`);
  }
}
