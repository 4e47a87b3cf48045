import { Column, Entity } from 'typeorm';
import { CommandEntity } from '../commands';
import type { ProposalAction } from './domain';

/** One thing asked of QI about a proposal. */
@Entity('proposal_command')
export class ProposalCommandEntity extends CommandEntity<ProposalAction> {
  @Column({ name: 'proposal_id', type: 'uuid' })
  subject!: string;
}
