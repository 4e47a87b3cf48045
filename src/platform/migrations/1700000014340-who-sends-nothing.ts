import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Whether a process has ARREMATE_DRY_RUN; NULL: it does not say, as the release before. */
export class WhoSendsNothing1700000014340 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE instance ADD COLUMN dry_run boolean`);
  }
}
