import { Column, PrimaryColumn } from 'typeorm';
import type { CommandStatus } from './domain';

/** One thing asked of QI: the row is the job that sends it. Each owner has a table of these, with a column for its subject. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each owner names its own actions
export abstract class CommandEntity<Action extends string = string> {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** The key of what it is about. */
  abstract subject: string;

  @Column({ type: 'text' })
  action!: Action;

  @Column({ type: 'text' })
  status!: CommandStatus;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ name: 'body_key_id', type: 'text', nullable: true, select: false })
  bodyKeyId!: string | null;

  @Column({ name: 'body_ciphertext', type: 'bytea', nullable: true, select: false })
  bodyCiphertext!: Buffer | null;

  @Column({ type: 'integer' })
  attempts!: number;

  /** How often since it was last sent it was asked about and the other side knew nothing of it. */
  @Column({ name: 'found_nothing', type: 'integer' })
  foundNothing!: number;

  /** Whether it was ever unknown if it has taken effect, whatever was believed since. */
  @Column({ name: 'answer_lost', type: 'boolean' })
  answerLost!: boolean;

  /** Not to be sent, or asked about, before this instant: the undo window, then the wait between attempts. */
  @Column({ name: 'not_before', type: 'timestamptz' })
  notBefore!: Date;

  @Column({ name: 'lease_owner', type: 'uuid', nullable: true })
  leaseOwner!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'sent_at', type: 'timestamptz', nullable: true })
  sentAt!: Date | null;

  @Column({ name: 'settled_at', type: 'timestamptz', nullable: true })
  settledAt!: Date | null;

  /** qi (its answer), webhook, inquiry, a person, or the state that made it pointless. */
  @Column({ name: 'settled_by', type: 'text', nullable: true })
  settledBy!: string | null;

  @Column({ name: 'http_status', type: 'integer', nullable: true })
  httpStatus!: number | null;

  @Column({ name: 'answer_code', type: 'text', nullable: true })
  answerCode!: string | null;

  /** QI's words when it refused, or why its answer is not known. */
  @Column({ name: 'answer_text', type: 'text', nullable: true })
  answerText!: string | null;
}
