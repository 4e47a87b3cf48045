import { readFileSync } from 'node:fs';
import type { EntityManager } from 'typeorm';
import { canonicalPolicy, parsePolicy, policyHash } from './domain';

/** A policy file that does not validate: the start stops and says where. */
export class PolicyFileError extends Error {
  override readonly name = 'PolicyFileError';
}

/** Whoever starts at the same time waits here. */
const LOCK = 7_000_001;
export const SEED_ACTOR = 'seed';

/**
 * A database without policies begins with the one of a file, active at once and approved by nobody; that is how it is
 * recorded. A database that has one never looks at the file again.
 * @throws PolicyFileError with every problem of the file.
 */
export async function seedPolicy(tx: EntityManager, file: string, at: Date): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock($1)`, [LOCK]);
  const [any] = await tx.query<unknown[]>(`SELECT FROM policy_version LIMIT 1`);
  if (any !== undefined) return;
  const parsed = parsePolicy(JSON.parse(readFileSync(file, 'utf8')));
  if (parsed.kind === 'invalid') {
    const problems = parsed.problems.map(({ path, message }) => `  - ${path}: ${message}`);
    throw new PolicyFileError(`${file} is not a valid policy:\n${problems.join('\n')}`);
  }
  await tx.query(
    `WITH seed AS (
       INSERT INTO policy_version (hash, document, state, authors, created_at, changed_at)
       VALUES ($1, $2, 'active', ARRAY[$3], $4, $4) RETURNING number, hash)
     INSERT INTO policy_activation (number, hash, activated_at, actor, reason)
     SELECT number, hash, $4, $3, 'first start' FROM seed`,
    [policyHash(parsed.policy, new Map()), canonicalPolicy(parsed.policy), SEED_ACTOR, at],
  );
}
