import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../../kernel';

/** One deed of a person or a script, as it is written down and hashed. */
export interface AuditRecord {
  /** 1, 2, 3 ... without gaps. */
  readonly id: string;
  /** To the millisecond. */
  readonly at: Date;
  /** Who did it: an actor's id, never a person's name. */
  readonly actor: string;
  /** What was done, e.g. `token.created`. */
  readonly action: string;
  /** To what, e.g. `token 5f1c...`. */
  readonly subject: string;
  /** In the actor's words; null where none is asked for. */
  readonly reason: string | null;
  /** Whatever else must be known later. No personal data and no secrets. */
  readonly details: JsonObject;
}

/** What the first record stands on. */
export const CHAIN_START: Buffer = Buffer.alloc(32);

/** SHA-256 over the hash of the record before and everything this one says: to change one is to change all after it. */
export function chainHash(previous: Buffer, record: AuditRecord): Buffer {
  const { id, at, actor, action, subject, reason, details } = record;
  const content = canonicalJson({ id, at: at.toISOString(), actor, action, subject, reason, details });
  return createHash('sha256').update(previous).update(content).digest();
}
