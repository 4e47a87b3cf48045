import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canonicalJson, type Clock, type JsonObject } from '../kernel';
import { CLOCK } from './clock';
import { chainHash, type AuditRecord } from './domain';

/** What a caller says about a deed; number, time and hash are the trail's. */
export interface AuditEntry {
  /** The actor's id. */
  readonly actor: string;
  /** `<thing>.<what was done to it>`, e.g. `token.revoked`. */
  readonly action: string;
  readonly subject: string;
  readonly reason?: string | undefined;
  /** No personal data and no secrets: auditors read it as it stands. */
  readonly details?: JsonObject;
}

/**
 * The record of what people and scripts did: appended to in the transaction of the deed itself, so that neither exists
 * without the other. Each row's hash covers the row before it, and the head is locked until the commit: of two who
 * write at once the second waits. Record last in a transaction, after every other lock.
 */
@Injectable()
export class AuditTrail {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  async record(
    tx: EntityManager,
    { actor, action, subject, reason, details = {} }: AuditEntry,
  ): Promise<void> {
    const [head] = await tx.query<{ last_id: string; last_hash: Buffer }[]>(
      `SELECT last_id, last_hash FROM audit_head FOR UPDATE`,
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
    await tx.query(
      `INSERT INTO audit_event (id, at, actor, action, subject, reason, details, hash)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [record.id, record.at, actor, action, subject, record.reason, canonicalJson(details), hash],
    );
    await tx.query(`UPDATE audit_head SET last_id = $1, last_hash = $2`, [record.id, hash]);
  }
}
