import { encryptedColumns } from './encrypted-columns';

/**
 * How far ciphertexts are bound to their places, for the whole database; `npm run rotate-keys` moves it on.
 *
 *     unbound   the release before may still run beside us: written and read as it does, bound ones read too
 *     binding   written bound, read both ways, while the older rows are encrypted anew
 *     bound     nothing else is left: another one was put there by somebody else, and is refused
 */
export type BindingStage = 'unbound' | 'binding' | 'bound';

/** The two steps in the audit trail, where nobody can take them back. */
export const BINDING_SUBJECT = 'encrypted columns';
export const BINDING_BEGUN = 'encryption.binding_begun';
export const BINDING_DONE = 'encryption.bound';

/** What can be asked: a DataSource, or a transaction's manager. */
interface Queries {
  query<T>(sql: string, parameters: unknown[]): Promise<T>;
}

/**
 * Bound when the database itself lets nothing else in, or when the audit trail shows that it was so: from the first
 * record on, which has a seal, or since `rotate-keys` was done. Who only drops the constraints gains nothing.
 */
export async function readBindingStage(database: Queries): Promise<BindingStage> {
  const names = encryptedColumns.map(({ constraint }) => constraint);
  const [found] = await database.query<{ enforced: number; steps: string[]; sealed_from_first: boolean }[]>(
    `SELECT (SELECT count(*)::int FROM pg_constraint
             WHERE conname = ANY ($1) AND convalidated AND connamespace = current_schema()::regnamespace) AS enforced,
       ARRAY(SELECT action FROM audit_event WHERE subject = $2 AND action = ANY ($3)) AS steps,
       EXISTS (SELECT FROM audit_event WHERE id = 1 AND seal IS NOT NULL) AS sealed_from_first`,
    [names, BINDING_SUBJECT, [BINDING_BEGUN, BINDING_DONE]],
  );
  if (found === undefined) throw new Error('a query without a row');
  if (found.enforced === names.length || found.steps.includes(BINDING_DONE)) return 'bound';
  if (found.steps.includes(BINDING_BEGUN)) return 'binding';
  return found.sealed_from_first ? 'bound' : 'unbound';
}
