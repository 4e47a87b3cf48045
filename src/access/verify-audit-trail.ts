import type { DataSource } from 'typeorm';
import { isJsonObject, parseJson } from '../kernel';
import { CHAIN_START, chainHash } from '../platform';

const BATCH = 1_000;

/** The end of a chain that is whole, or the first row that is not as it was written. */
export type AuditVerdict =
  | { readonly kind: 'intact'; readonly rows: number; readonly hash: string }
  | {
      readonly kind: 'broken';
      readonly at: string;
      readonly why: 'changed' | 'missing' | 'end_missing' | 'unexpected' | 'rewritten';
    };

interface StoredRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: string;
  readonly hash: Buffer;
}

/** A row that was seen before, and its hash then: who rewrites the whole chain cannot rewrite what others noted. */
export interface Anchor {
  readonly id: bigint;
  readonly hash: string;
}

/**
 * Reads the whole trail and computes its chain again. A changed row no longer gives its hash, a removed one leaves a
 * gap in the numbers (at the end: between the rows and the head), a reordered one follows a row it was not written
 * after. All of it is read in one snapshot: rows appended meanwhile do not matter.
 */
export async function verifyAuditTrail(dataSource: DataSource, anchor?: Anchor): Promise<AuditVerdict> {
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    let previous = CHAIN_START;
    let expected = 1n;
    for (;;) {
      const rows = await tx.query<StoredRow[]>(
        `SELECT id, at, actor, action, subject, reason, details::text, hash FROM audit_event
         WHERE id >= $1 ORDER BY id LIMIT ${BATCH}`,
        [expected],
      );
      for (const row of rows) {
        if (BigInt(row.id) !== expected) return { kind: 'broken', at: String(expected), why: 'missing' };
        const details = parseJson(row.details);
        if (!isJsonObject(details) || !chainHash(previous, { ...row, details }).equals(row.hash))
          return { kind: 'broken', at: row.id, why: 'changed' };
        if (anchor?.id === expected && anchor.hash !== row.hash.toString('hex'))
          return { kind: 'broken', at: row.id, why: 'rewritten' };
        previous = row.hash;
        expected += 1n;
      }
      if (rows.length < BATCH) break;
    }
    const [head] = await tx.query<{ last_id: string; last_hash: Buffer }[]>(
      `SELECT last_id, last_hash FROM audit_head`,
    );
    const count = expected - 1n;
    const hash = previous.toString('hex');
    if (head === undefined || BigInt(head.last_id) > count || (anchor?.id ?? 0n) > count)
      return { kind: 'broken', at: String(expected), why: 'end_missing' };
    if (BigInt(head.last_id) < count || !head.last_hash.equals(previous))
      return { kind: 'broken', at: String(count), why: 'unexpected' };
    return { kind: 'intact', rows: Number(count), hash };
  });
}
