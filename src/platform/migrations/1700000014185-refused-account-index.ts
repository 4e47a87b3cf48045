import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Of the account that refused a payment, keyed: its last digits alone take a corrected number for the mistyped one. */
export class RefusedAccountIndex1700000014185 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`ALTER TABLE operation_event ADD COLUMN refused_account_index bytea`);
  }
}
