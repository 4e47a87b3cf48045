import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Debts that no auction brings stand in the register beside the bids, and count in the same counters. */
export class ExposureOfDebts1700000012200 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- The key is a bid's or a proposal's own (proposal.control_key): whose, auction_key says by being there or not. A
      -- debt is no offer that lives until somebody takes it.
      ALTER TABLE exposure DROP CONSTRAINT exposure_request_control_key_fkey, ALTER auction_key DROP NOT NULL,
        ALTER live_until DROP NOT NULL, ADD CONSTRAINT exposure_of_bid_or_debt
          CHECK ((auction_key IS NULL) = (live_until IS NULL)) NOT VALID;
    `);
  }
}
