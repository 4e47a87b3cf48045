import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that start proposals, one a line; and the withdrawal from a paid loan, which two people ask QI for. */
export class ProposalBatches1700000012300 implements MigrationInterface {
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
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup instead'));
  }
}
