import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canonicalJson, type Clock, type JsonObject } from '../../kernel';
import { AuditSeals } from './audit-seals';
import { CLOCK } from '../process/clock';
import { chainHash, type AuditAction, type AuditRecord } from '../domain';

/** What a caller says about a deed; number, time and hash are the trail's. */
export interface AuditEntry {
  /** The actor's id. */
  readonly actor: string;
  /** `<thing>.<what was done to it>`, e.g. `token.revoked`. */
  readonly action: AuditAction;
  readonly subject: string;
  readonly reason?: string | undefined;
  /** No personal data and no secrets: auditors read it as it stands. */
  readonly details?: JsonObject;
}

/**
 * The record of what people and scripts did: appended to in the transaction of the deed itself, so that neither exists
 * without the other. Each row's hash covers the row before it, and its seal, made with a key that is not in the
 * database, covers the hash. The head is locked until the commit: of two who write at once the second waits. Record
 * last in a transaction, after every other lock.
 */
@Injectable()
export class AuditTrail {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly seals: AuditSeals,
  ) {}

  async record(
    tx: EntityManager,
    { actor, action, subject, reason, details = {} }: AuditEntry,
  ): Promise<void> {
    const [head] = await tx.query<{ last_id: string; last_hash: Buffer; sealed: boolean }[]>(
      `SELECT last_id, last_hash, coalesce((to_jsonb(audit_head) ->> 'sealed')::boolean, false) AS sealed
       FROM audit_head FOR UPDATE`,
    );
    if (head === undefined) throw new Error('the head of the audit trail is gone');
    const record: AuditRecord = {
      id: String(BigInt(head.last_id) + 1n),
      at: this.clock.now(),
      actor,
      action,
      subject,
      reason: reason ?? null,
      details,
    };
    const hash = chainHash(head.last_hash, record);
    // Without the columns of a seal where there is none: a schema from before them takes the record of a kill switch too.
    const sealed = head.sealed ? this.seals.seal(hash) : undefined;
    const row = {
      ...record,
      details: canonicalJson(details),
      hash,
      ...(sealed && { key_id: sealed.keyId, seal: sealed.seal }),
    };
    const places = Object.keys(row).map((_, at) => `$${at + 1}`);
    await tx.query(
      `INSERT INTO audit_event (${Object.keys(row).join(', ')}) VALUES (${places.join(', ')})`,
      Object.values(row),
    );
    await tx.query(`UPDATE audit_head SET last_id = $1, last_hash = $2`, [record.id, hash]);
  }
}
