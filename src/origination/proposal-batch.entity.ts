import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SheetProblem } from './domain';

/** A file that started proposals. */
@Entity('proposal_batch')
export class ProposalBatchEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  product!: 'fgts' | 'federal_payroll';

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}

/** One line of it: what it started, or why it did not. */
@Entity('proposal_batch_line')
export class ProposalBatchLineEntity {
  @PrimaryColumn({ name: 'batch_id', type: 'uuid' })
  batchId!: string;

  @PrimaryColumn({ name: 'row_number', type: 'integer' })
  row!: number;

  @Column({ name: 'proposal_id', type: 'uuid', nullable: true })
  proposalId!: string | null;

  @Column({ type: 'jsonb' })
  problems!: readonly SheetProblem[];
}
