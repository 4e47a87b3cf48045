import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { TaskKind } from './domain';

/** Something that waits for a person. */
@Entity('task')
export class TaskEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  kind!: TaskKind;

  /** What it is about: one of the three is not null. */
  @Column({ name: 'credit_operation_key', type: 'text', nullable: true })
  operationKey!: string | null;

  @Column({ name: 'auction_key', type: 'text', nullable: true })
  auctionKey!: string | null;

  @Column({ name: 'proposal_id', type: 'uuid', nullable: true })
  proposalId!: string | null;

  @Column({ name: 'reason_code', type: 'text' })
  reasonCode!: string;

  @Column({ type: 'text' })
  message!: string;

  @Column({ name: 'amount_at_stake', type: 'numeric', nullable: true })
  amountAtStake!: string | null;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ type: 'text' })
  status!: 'open' | 'claimed' | 'resolved';

  @Column({ type: 'text', nullable: true })
  owner!: string | null;

  @Column({ name: 'snoozed_until', type: 'timestamptz', nullable: true })
  snoozedUntil!: Date | null;

  @Column({ type: 'text', nullable: true })
  resolution!: string | null;

  @Column({ name: 'resolved_by', type: 'text', nullable: true })
  resolvedBy!: string | null;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  @Column({ name: 'resolved_at', type: 'timestamptz', nullable: true })
  resolvedAt!: Date | null;

  @Column({ type: 'integer' })
  version!: number;
}
