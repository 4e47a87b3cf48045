import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What two people do to an operation. */
export type ApprovedAction = 'cancel_permanently' | 'request_reversal';

/** An action that one person asked for and another one decides. */
@Entity('approval')
export class ApprovalEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** Null for what concerns no operation: letting bidding go on. */
  @Column({ name: 'credit_operation_key', type: 'text', nullable: true })
  operationKey!: string | null;

  @Column({ type: 'text' })
  action!: ApprovedAction | 'release_kill_switch';

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text' })
  status!: 'pending' | 'approved' | 'rejected' | 'withdrawn';

  @Column({ name: 'requested_by', type: 'text' })
  requestedBy!: string;

  @Column({ name: 'requested_at', type: 'timestamptz' })
  requestedAt!: Date;

  @Column({ name: 'decided_by', type: 'text', nullable: true })
  decidedBy!: string | null;

  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  note!: string | null;

  @Column({ name: 'command_id', type: 'uuid', nullable: true })
  commandId!: string | null;
}
