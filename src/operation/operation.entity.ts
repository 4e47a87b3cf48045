import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MarginStatus, OperationStatus } from './domain';

/** A loan after the win. Amounts and rates arrive as exact text. */
@Entity('operation')
export class OperationEntity {
  @PrimaryColumn({ name: 'credit_operation_key', type: 'text' })
  key!: string;

  @Column({ type: 'text' })
  product!: string;

  /** null until the operation is linked to where it came from. */
  @Column({ type: 'text', nullable: true })
  origin!: 'auction' | 'active' | null;

  @Column({ type: 'text' })
  status!: OperationStatus;

  @Column({ name: 'status_since', type: 'timestamptz' })
  statusSince!: Date;

  /** null for products whose guarantee is part of the contract's own life. */
  @Column({ name: 'margin_status', type: 'text', nullable: true })
  marginStatus!: MarginStatus | null;

  @Column({ name: 'margin_since', type: 'timestamptz', nullable: true })
  marginSince!: Date | null;

  /** Since when, and until when, the servant's consent was waited for the last time. */
  @Column({ name: 'consent_asked_at', type: 'timestamptz', nullable: true })
  consentAskedAt!: Date | null;

  @Column({ name: 'consent_until', type: 'timestamptz', nullable: true })
  consentUntil!: Date | null;

  @Column({ name: 'failure_code', type: 'text', nullable: true })
  failureCode!: string | null;

  @Column({ name: 'auction_key', type: 'text', nullable: true })
  auctionKey!: string | null;

  @Column({ name: 'auction_proposal_key', type: 'text', nullable: true })
  auctionProposalKey!: string | null;

  @Column({ name: 'request_control_key', type: 'uuid', nullable: true })
  requestControlKey!: string | null;

  @Column({ name: 'borrower_index', type: 'bytea', nullable: true })
  borrowerIndex!: Buffer | null;

  @Column({ name: 'borrower_key_id', type: 'text', nullable: true })
  borrowerKeyId!: string | null;

  @Column({ name: 'borrower_ciphertext', type: 'bytea', nullable: true })
  borrowerCiphertext!: Buffer | null;

  @Column({ name: 'disbursed_issue_amount', type: 'numeric', nullable: true })
  disbursedIssueAmount!: string | null;

  @Column({ name: 'installment_face_value', type: 'numeric', nullable: true })
  installmentFaceValue!: string | null;

  @Column({ name: 'number_of_installments', type: 'integer', nullable: true })
  numberOfInstallments!: number | null;

  @Column({ name: 'monthly_interest_rate', type: 'numeric', nullable: true })
  monthlyInterestRate!: string | null;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  @Column({ name: 'linked_at', type: 'timestamptz', nullable: true })
  linkedAt!: Date | null;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;
}
