import type { EntityManager } from 'typeorm';

export const POLICY_STATES = ['draft', 'in_review', 'approved', 'scheduled', 'active', 'retired'] as const;
export type PolicyState = (typeof POLICY_STATES)[number];

/** One version as it stands on disk. */
export interface PolicyRow {
  readonly number: number;
  readonly hash: string;
  readonly document: string;
  readonly lists: Readonly<Record<string, string>>;
  readonly state: PolicyState;
  readonly based_on: number | null;
  readonly authors: readonly string[];
  readonly approver: string | null;
  readonly shadow: boolean;
  readonly activate_at: Date | null;
  readonly scheduled_by: string | null;
  /** When its date was set; null of one whose date was set before this was noted. */
  readonly scheduled_at: Date | null;
  /** The version in force when its date was set; null of one whose date was set before this was noted. */
  readonly scheduled_over: number | null;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly submitted_at: Date | null;
  readonly approved_at: Date | null;
  readonly change_note: string | null;
  /** Given by its authors while it was a draft; not what the policy in it is called. */
  readonly own_name: string | null;
  /** Null of one that was approved before this was noted, or not at all. */
  readonly approved_unseen: boolean | null;
  /** When the time set for it came and it was not put in force; null again once it is scheduled anew or in force. */
  readonly refused_at: Date | null;
  /** In Portuguese. */
  readonly refused_for: string | null;
}

/** What an UPDATE ... RETURNING gives through TypeORM. */
export type Updated = [PolicyRow[], number];

export async function findVersion(
  tx: Pick<EntityManager, 'query'>,
  number: number,
): Promise<PolicyRow | undefined> {
  const [row] = await tx.query<PolicyRow[]>(`SELECT * FROM policy_version WHERE number = $1`, [number]);
  return row;
}

/** Whoever changes the same version waits until this transaction ends. */
export async function lockVersion(tx: EntityManager, number: number): Promise<PolicyRow | undefined> {
  const [row] = await tx.query<PolicyRow[]>(`SELECT * FROM policy_version WHERE number = $1 FOR UPDATE`, [
    number,
  ]);
  return row;
}
