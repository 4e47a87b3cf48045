import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** What a reviewer of a policy has to hand: the authors' note, who opened the difference and when, comments by line. */
export class PolicyReview1700000013000 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      -- What changes and why, in the words of whoever handed it in.
      ALTER TABLE policy_version ADD COLUMN change_note text,
        -- Whether the approver had not opened the difference; not known of approvals before this migration.
        ADD COLUMN approved_unseen boolean;

      -- To whom the service gave the difference of exactly this content, for the first time.
      CREATE TABLE policy_diff_opening (
        number integer NOT NULL REFERENCES policy_version ON DELETE CASCADE,
        hash text NOT NULL,
        against integer NOT NULL,
        actor text NOT NULL,
        opened_at timestamptz NOT NULL,
        PRIMARY KEY (number, hash, actor, against)
      );

      CREATE TABLE policy_comment (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number integer NOT NULL REFERENCES policy_version ON DELETE CASCADE,
        -- What the version said when this was written.
        hash text NOT NULL,
        -- A place of the difference; empty: the version as a whole.
        path text NOT NULL,
        answer_to bigint REFERENCES policy_comment ON DELETE CASCADE,
        author text NOT NULL,
        written_at timestamptz NOT NULL,
        body text NOT NULL CHECK (body <> '')
      );
      CREATE INDEX policy_comment_of ON policy_comment (number, id);
      CREATE INDEX policy_comment_answers ON policy_comment (answer_to) WHERE answer_to IS NOT NULL;
    `);
  }
}
