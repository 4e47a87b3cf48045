import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Until when the ends of auctions have been looked at for losses that have become wins; first, those that may still be told. */
export class EndsLearntThrough1700000014161 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `ALTER TABLE rate_model_progress ADD COLUMN ended_through timestamptz NOT NULL DEFAULT now() - interval '60 days'`,
    );
  }
}
