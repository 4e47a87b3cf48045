import type { DataSource } from 'typeorm';
import { hasCode } from '../kernel';
import {
  BINDING_BEGUN,
  BINDING_DONE,
  BINDING_SUBJECT,
  BOUND,
  encryptedColumns,
  type AuditTrail,
  type BindingStage,
} from '../platform';

const LOOK_EVERY_MS = 500;
const LOCK_ATTEMPTS = 20;
const LOCK_TIMEOUT_MS = 1_000;
const NOT_TO_BE_HAD = '55P03';

/** Live processes that do not know a stage yet, in words; empty when all do. */
async function processesBehind(dataSource: DataSource, stages: readonly BindingStage[]): Promise<string[]> {
  const rows = await dataSource.query<{ host: string; version: string }[]>(
    `SELECT host, version FROM instance
     WHERE alive_until > clock_timestamp() AND (binding_stage IS NULL OR binding_stage <> ALL ($1))`,
    [stages],
  );
  return rows.map(({ host, version }) => `${host} (version ${version})`);
}

/**
 * From here on ciphertexts are written bound to their places and audit records sealed: a release before this one can
 * read neither, so none may run any more.
 * @returns the processes that are in the way; none when it has begun
 */
export async function beginBinding(
  dataSource: DataSource,
  audit: AuditTrail,
  actor: string,
): Promise<readonly string[]> {
  const older = await processesBehind(dataSource, ['unbound', 'binding', 'bound']);
  if (older.length > 0) return older;
  await dataSource.transaction(async (tx) => {
    await tx.query(`UPDATE audit_head SET sealed = true`);
    await audit.record(tx, { actor, action: BINDING_BEGUN, subject: BINDING_SUBJECT });
  });
  return [];
}

/** Waits until every live process writes bound ciphertexts. @returns those that still do not when the time is over */
export async function waitUntilKnown(dataSource: DataSource, timeoutMs: number): Promise<readonly string[]> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const behind = await processesBehind(dataSource, ['binding', 'bound']);
    if (behind.length === 0 || performance.now() > end) return behind;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/**
 * From here on the database itself takes no ciphertext that is not bound, and the service reads none.
 * @param owner of the tables
 */
export async function enforceBinding(owner: DataSource, audit: AuditTrail, actor: string): Promise<void> {
  const present = await owner.query<{ conname: string; convalidated: boolean }[]>(
    `SELECT conname, convalidated FROM pg_constraint
     WHERE conname = ANY ($1) AND connamespace = current_schema()::regnamespace`,
    [encryptedColumns.map(({ constraint }) => constraint)],
  );
  for (const { table, key, data, constraint } of encryptedColumns) {
    const found = present.find(({ conname }) => conname === constraint);
    if (found?.convalidated === true) continue;
    if (found === undefined)
      await withShortLocks(
        owner,
        `ALTER TABLE ${table} ADD CONSTRAINT ${constraint} CHECK (${key} LIKE '%${BOUND}' OR ${data} = '') NOT VALID`,
      );
    await owner.transaction(async (tx) => {
      await tx.query(`SET LOCAL statement_timeout = 0`); // reads the table, and stops nobody meanwhile
      await tx.query(`ALTER TABLE ${table} VALIDATE CONSTRAINT ${constraint}`);
    });
  }
  await owner.transaction(async (tx) => {
    const [done] = await tx.query<unknown[]>(
      `SELECT FROM audit_event WHERE subject = $1 AND action = $2 LIMIT 1`,
      [BINDING_SUBJECT, BINDING_DONE],
    );
    if (done === undefined) await audit.record(tx, { actor, action: BINDING_DONE, subject: BINDING_SUBJECT });
  });
}

/** Whoever waits for a table's lock holds up everybody behind: it waits shortly, and comes again. */
async function withShortLocks(owner: DataSource, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await owner.transaction(async (tx) => {
        await tx.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
        await tx.query(statement);
      });
      return;
    } catch (error) {
      if (!hasCode(error, NOT_TO_BE_HAD) || attempt === LOCK_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
