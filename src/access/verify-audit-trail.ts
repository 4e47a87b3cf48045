import type { DataSource } from 'typeorm';
import { isJsonObject, parseJson } from '../kernel';
import { CHAIN_START, chainHash, type AuditSeals } from '../platform';
import type { Anchor } from './anchor-file';

const BATCH = 1_000;

export type Fault =
  | 'changed'
  | 'missing'
  | 'end_missing'
  | 'unexpected'
  | 'rewritten'
  | 'anchor_missing'
  | 'unsealed'
  | 'forged'
  | 'unknown_key';

/** The end of a chain that is whole, or the first row that is not as it was written. */
export type AuditVerdict =
  | { readonly kind: 'intact'; readonly rows: number; readonly hash: string }
  /** Whole in itself, but nothing that needs the key covers its end: whoever owns the database could have made it. */
  | { readonly kind: 'unproven'; readonly rows: number; readonly hash: string }
  | { readonly kind: 'broken'; readonly at: string; readonly why: Fault };

interface StoredRow {
  readonly id: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly reason: string | null;
  readonly details: string;
  readonly hash: Buffer;
  readonly key_id: string | null;
  readonly seal: Buffer | null;
}

/** Rows seen before, and their hashes then: who rewrites the whole chain cannot rewrite what others noted. */
export type Anchors = readonly Anchor[];

/**
 * Reads the whole trail and computes its chain again. A changed row no longer gives its hash, a removed one leaves a
 * gap in the numbers (at the end: between the rows and the head), a reordered one follows a row it was not written
 * after, and whoever computes all hashes anew lacks the key for the seals. All of it is read in one snapshot: rows
 * appended meanwhile do not matter.
 */
export async function verifyAuditTrail(
  dataSource: DataSource,
  seals: AuditSeals,
  anchors: Anchors = [],
): Promise<AuditVerdict> {
  const noted = byId(anchors);
  return dataSource.transaction('REPEATABLE READ', async (tx) => {
    const proof = new SealProof(seals);
    let previous = CHAIN_START;
    let expected = 1n;
    for (;;) {
      const rows = await tx.query<StoredRow[]>(
        `SELECT id, at, actor, action, subject, reason, details::text, hash, key_id, seal FROM audit_event
         WHERE id >= $1 ORDER BY id LIMIT ${BATCH}`,
        [expected],
      );
      for (const row of rows) {
        const why = faultOf(row, expected, previous, noted.get(expected)) ?? proof.add(row);
        if (why !== undefined) return { kind: 'broken', at: String(expected), why };
        previous = row.hash;
        expected += 1n;
      }
      if (rows.length < BATCH) break;
    }
    const [head] = await tx.query<{ last_id: string; last_hash: Buffer }[]>(
      `SELECT last_id, last_hash FROM audit_head`,
    );
    const count = expected - 1n;
    if (anchors.some(({ id }) => id > count))
      return { kind: 'broken', at: String(expected), why: 'anchor_missing' };
    if (head === undefined || BigInt(head.last_id) > count)
      return { kind: 'broken', at: String(expected), why: 'end_missing' };
    if (BigInt(head.last_id) < count || !head.last_hash.equals(previous))
      return { kind: 'broken', at: String(count), why: 'unexpected' };
    const isProven = count === 0n || proof.coversTheEnd;
    return { kind: isProven ? 'intact' : 'unproven', rows: Number(count), hash: previous.toString('hex') };
  });
}

function byId(anchors: Anchors): ReadonlyMap<bigint, Anchors> {
  const noted = new Map<bigint, Anchor[]>();
  for (const anchor of anchors) noted.set(anchor.id, [...(noted.get(anchor.id) ?? []), anchor]);
  return noted;
}

function faultOf(
  row: StoredRow,
  expected: bigint,
  previous: Buffer,
  anchors: Anchors = [],
): Fault | undefined {
  if (BigInt(row.id) !== expected) return 'missing';
  const details = parseJson(row.details);
  if (!isJsonObject(details) || !chainHash(previous, { ...row, details }).equals(row.hash)) return 'changed';
  const hash = row.hash.toString('hex');
  return anchors.some((anchor) => anchor.hash !== hash) ? 'rewritten' : undefined;
}

/**
 * A seal covers everything before it. So rows from before there were seals, and those of keys that were taken out since,
 * may stand at the beginning, in this order; after a seal that could be checked, each row has one.
 */
class SealProof {
  #stage: 'unsealed' | 'unknown' | 'checked' = 'unsealed';

  constructor(private readonly seals: AuditSeals) {}

  get coversTheEnd(): boolean {
    return this.#stage === 'checked';
  }

  add({ hash, key_id: keyId, seal }: StoredRow): Fault | undefined {
    if (keyId === null || seal === null) return this.#stage === 'unsealed' ? undefined : 'unsealed';
    const found = this.seals.check(hash, { keyId, seal });
    if (found === 'wrong') return 'forged';
    if (found === 'unknown_key' && this.#stage === 'checked') return 'unknown_key';
    this.#stage = found === 'right' ? 'checked' : 'unknown';
    return undefined;
  }
}
