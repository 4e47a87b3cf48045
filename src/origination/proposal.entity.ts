import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DirectProduct } from '../policy/domain';
import type { ProposalStatus } from './domain';
import type { StoredBalance, StoredOffer, StoredSimulation, StoredWishes } from './stored';

/** A loan on its way from the balance to the debt. Amounts and rates arrive as exact text. */
@Entity('proposal')
export class ProposalEntity {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  product!: DirectProduct;

  @Column({ type: 'text' })
  channel!: string;

  @Column({ type: 'text' })
  status!: ProposalStatus;

  @Column({ name: 'status_since', type: 'timestamptz' })
  statusSince!: Date;

  @Column({ name: 'failure_code', type: 'text', nullable: true })
  failureCode!: string | null;

  @Column({ name: 'failure_text', type: 'text', nullable: true })
  failureText!: string | null;

  @Column({ name: 'retry_at', type: 'timestamptz', nullable: true })
  retryAt!: Date | null;

  @Column({ name: 'borrower_index', type: 'bytea', nullable: true })
  borrowerIndex!: Buffer | null;

  @Column({ name: 'borrower_key_id', type: 'text' })
  borrowerKeyId!: string;

  @Column({ name: 'borrower_ciphertext', type: 'bytea' })
  borrowerCiphertext!: Buffer;

  @Column({ type: 'jsonb' })
  wishes!: StoredWishes;

  @Column({ name: 'balance_key', type: 'text', nullable: true })
  balanceKey!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  balance!: StoredBalance | null;

  @Column({ name: 'balance_at', type: 'timestamptz', nullable: true })
  balanceAt!: Date | null;

  @Column({ type: 'jsonb', nullable: true })
  decision!: Record<string, unknown> | null;

  @Column({ name: 'policy_version', type: 'text', nullable: true })
  policyVersion!: string | null;

  @Column({ name: 'policy_hash', type: 'text', nullable: true })
  policyHash!: string | null;

  @Column({ type: 'jsonb', nullable: true })
  simulations!: readonly StoredSimulation[] | null;

  @Column({ type: 'jsonb', nullable: true })
  offer!: StoredOffer | null;

  @Column({ name: 'offer_expires_at', type: 'timestamptz', nullable: true })
  offerExpiresAt!: Date | null;

  @Column({ name: 'disbursed_issue_amount', type: 'numeric', nullable: true })
  disbursedIssueAmount!: string | null;

  @Column({ name: 'control_key', type: 'uuid' })
  controlKey!: string;

  @Column({ type: 'text', nullable: true })
  claim!: string | null;

  @Column({ name: 'holds_claim', type: 'boolean' })
  holdsClaim!: boolean;

  @Column({ name: 'credit_operation_key', type: 'text', nullable: true })
  creditOperationKey!: string | null;

  @Column({ name: 'created_by', type: 'text' })
  createdBy!: string;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
