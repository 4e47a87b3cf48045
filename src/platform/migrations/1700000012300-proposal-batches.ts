import { ForwardOnly, type QueryRunner } from '../database/forward-only';

/** Files that start proposals, one a line; and the withdrawal from a paid loan, which two people ask QI for. */
export class ProposalBatches1700000012300 extends ForwardOnly {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE proposal_batch (
        id uuid PRIMARY KEY,
        product text NOT NULL CHECK (product IN ('fgts', 'federal_payroll')),
        -- What the file says, under the key of the indexes: the same file again starts nothing. Erased with its borrowers.
        file_index bytea UNIQUE CHECK (octet_length(file_index) = 32),
        created_by text NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX proposal_batch_made ON proposal_batch (created_at, id);

      CREATE TABLE proposal_batch_line (
        batch_id uuid NOT NULL REFERENCES proposal_batch,
        -- As a spreadsheet counts them.
        row_number integer NOT NULL CHECK (row_number >= 1),
        proposal_id uuid UNIQUE REFERENCES proposal,
        -- Why it started nothing: places, columns and messages, never what stood there.
        problems jsonb NOT NULL DEFAULT '[]',
        PRIMARY KEY (batch_id, row_number),
        CHECK ((proposal_id IS NULL) = (problems <> '[]'))
      );

      ALTER TABLE operation_command DROP CONSTRAINT operation_command_action_check;
      ALTER TABLE operation_command ADD CONSTRAINT operation_command_action_check CHECK (action IN
        ('submit_signature', 'authorize', 'resubmit_disbursement', 'cancel_permanently', 'request_reversal')) NOT VALID;

      -- Their names were given by PostgreSQL: found by what they say.
      DO $$ DECLARE old record; BEGIN
        FOR old IN SELECT conname FROM pg_constraint WHERE conrelid = 'approval'::regclass AND contype = 'c'
          AND pg_get_constraintdef(oid) LIKE '%cancel_permanently%'
        LOOP EXECUTE format('ALTER TABLE approval DROP CONSTRAINT %I', old.conname); END LOOP;
      END $$;
      ALTER TABLE approval
        ADD CONSTRAINT approval_action CHECK
          (action IN ('cancel_permanently', 'request_reversal', 'release_kill_switch')) NOT VALID,
        ADD CONSTRAINT approval_subject CHECK
          ((action = 'release_kill_switch') = (credit_operation_key IS NULL)) NOT VALID,
        ADD CONSTRAINT approval_command CHECK
          ((status = 'approved' AND action <> 'release_kill_switch') = (command_id IS NOT NULL)) NOT VALID;
    `);
  }
}
