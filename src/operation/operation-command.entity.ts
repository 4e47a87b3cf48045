import { Column, Entity } from 'typeorm';
import { CommandEntity } from '../commands';
import type { OperationAction } from './domain';

/** One thing asked of QI about an operation. */
@Entity('operation_command')
export class OperationCommandEntity extends CommandEntity<OperationAction> {
  @Column({ name: 'credit_operation_key', type: 'text' })
  subject!: string;
}
