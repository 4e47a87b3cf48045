import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ProposalStatus, ProposalStep } from './domain';

/** One thing heard, asked or decided about a proposal. Written once, never changed. */
@Entity('proposal_event')
export class ProposalEventEntity {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ name: 'proposal_id', type: 'uuid' })
  proposalId!: string;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  effect!: ProposalStep['effect'];

  @Column({ name: 'from_status', type: 'text' })
  fromStatus!: ProposalStatus;

  @Column({ name: 'to_status', type: 'text' })
  toStatus!: ProposalStatus;

  @Column({ type: 'text', nullable: true })
  actor!: string | null;

  /** What may be shown to anybody who may see the proposal. Decimals are text. */
  @Column({ type: 'jsonb' })
  summary!: Record<string, unknown>;

  @Column({ name: 'event_at_text', type: 'text', nullable: true })
  eventAtText!: string | null;

  @Column({ name: 'recorded_at', type: 'timestamptz' })
  recordedAt!: Date;
}
