import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** A webhook as it came. */
@Entity()
export class WebhookEvent {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index({ unique: true })
  @Column('text')
  key!: string;

  @Column('jsonb')
  payload!: object;

  @Column('text')
  status!: 'new' | 'processed';

  @CreateDateColumn()
  receivedAt!: Date;
}

@Entity()
export class Auction {
  @PrimaryColumn('text')
  key!: string;

  @Index()
  @Column('text')
  documentNumber!: string;

  @Column('text')
  employerDocumentNumber!: string;

  @Column('numeric')
  requestedAmount!: string;

  @Column('int')
  requestedInstallments!: number;

  @Column('timestamptz')
  limitAt!: Date;

  @Column('text')
  status!: 'open' | 'declined' | 'bidding' | 'bid' | 'failed' | 'late';

  @CreateDateColumn()
  createdAt!: Date;
}

@Entity()
export class Decision {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('text')
  auctionKey!: string;

  @Column('text')
  outcome!: 'bid' | 'no_bid';

  @Column('jsonb')
  reasons!: readonly string[];

  @CreateDateColumn()
  decidedAt!: Date;
}

@Entity()
export class Bid {
  @PrimaryGeneratedColumn('uuid')
  requestControlKey!: string;

  @Index()
  @Column('text')
  auctionKey!: string;

  @Index()
  @Column('text')
  documentNumber!: string;

  @Column('numeric')
  amount!: string;

  @Column('numeric')
  monthlyInterestRate!: string;

  @Column('int')
  installments!: number;

  @Column('numeric')
  installmentValue!: string;

  @Column('text')
  status!: 'sending' | 'accepted' | 'failed';

  @Column('jsonb', { nullable: true })
  answer!: object | null;

  @CreateDateColumn()
  createdAt!: Date;
}
