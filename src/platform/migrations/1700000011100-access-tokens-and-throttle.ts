import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** API tokens end and have somebody who answers for them; old counts of failed sign-ins are found quickly. */
export class AccessTokensAndThrottle1700000011100 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      ALTER TABLE api_token
        -- Tokens from before, and those that an older release makes beside this one, end as well.
        ADD COLUMN expires_at timestamptz NOT NULL DEFAULT now() + interval '90 days',
        -- To the minute.
        ADD COLUMN last_used_at timestamptz,
        -- Who answers for it, and beyond whose rights it never goes. NULL: nobody, until it ends; of tokens that the
        -- environment's token made, and of those from before.
        ADD COLUMN keeper_id uuid REFERENCES app_user;
    `);
  }
}
