import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MarginStatus, OperationStatus, Step } from './domain';

/** One thing heard, asked or decided about an operation. Written once, never changed. */
@Entity('operation_event')
export class OperationEventEntity {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;

  @Column({ name: 'credit_operation_key', type: 'text' })
  operationKey!: string;

  @Column({ name: 'webhook_event_id', type: 'bigint', nullable: true })
  webhookEventId!: string | null;

  @Column({ type: 'text' })
  kind!: string;

  @Column({ type: 'text' })
  effect!: Step['effect'];

  @Column({ name: 'from_status', type: 'text' })
  fromStatus!: OperationStatus;

  @Column({ name: 'to_status', type: 'text' })
  toStatus!: OperationStatus;

  @Column({ name: 'from_margin', type: 'text', nullable: true })
  fromMargin!: MarginStatus | null;

  @Column({ name: 'to_margin', type: 'text', nullable: true })
  toMargin!: MarginStatus | null;

  @Column({ type: 'boolean' })
  contradiction!: boolean;

  @Column({ type: 'text', nullable: true })
  actor!: string | null;

  /** What may be shown to anybody who may see the operation. Decimals are text. */
  @Column({ type: 'jsonb' })
  summary!: Record<string, unknown>;

  @Column({ name: 'personal_key_id', type: 'text', nullable: true, select: false })
  personalKeyId!: string | null;

  @Column({ name: 'personal_ciphertext', type: 'bytea', nullable: true, select: false })
  personalCiphertext!: Buffer | null;

  /** Keyed: of the number of the account that refused a payment, so that it is known when it is typed again. */
  @Column({ name: 'refused_account_index', type: 'bytea', nullable: true })
  refusedAccountIndex!: Buffer | null;

  @Column({ name: 'event_at_text', type: 'text', nullable: true })
  eventAtText!: string | null;

  @Column({ name: 'recorded_at', type: 'timestamptz' })
  recordedAt!: Date;
}
