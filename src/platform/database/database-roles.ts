import type { DataSource, EntityManager } from 'typeorm';
import { SettingsError } from '../settings';

/** Tables of which the service needs less than to read, add, change and remove rows. */
const LESS: Readonly<Record<string, readonly string[]>> = {
  migration: ['SELECT'],
  index_key: ['SELECT', 'INSERT'],
};
const ALL = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Whom a database is used as. */
export interface DatabasePrivilege {
  readonly role: string;
  /**
   *     restricted   rows only: the audit trail can be added to and nothing else
   *     excessive    rights on the audit trail that nobody needs
   *     owner        it can drop tables and the triggers that protect them
   */
  readonly privilege: 'restricted' | 'excessive' | 'owner';
}

/** @param database as the role in question */
export async function readPrivilege(database: Pick<DataSource, 'query'>): Promise<DatabasePrivilege> {
  const [row] = await database.query<DatabasePrivilege[]>(
    `SELECT current_user AS role,
       CASE WHEN pg_has_role(relowner, 'MEMBER') THEN 'owner'
            WHEN has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER') THEN 'excessive'
            ELSE 'restricted' END AS privilege
     FROM pg_class WHERE oid = 'audit_event'::regclass`,
  );
  if (row === undefined) throw new Error('a query without a row');
  return row;
}

/**
 * Makes the role that the service works under, if it is missing, and gives it what it needs on every table there is and
 * will be: rows, no structure; and where a trigger refuses a change, not even the right to try. Repeating it changes
 * nothing.
 * @param serviceUrl DATABASE_URL, with the name and the password of the role
 * @throws SettingsError when the role is missing and the owner may not make it
 */
export async function grantToService(owner: DataSource, serviceUrl: string): Promise<void> {
  const { username, password } = new URL(serviceUrl);
  const role = decodeURIComponent(username);
  await owner.transaction(async (tx) => {
    // Processes that start together would change the same rows of the catalogue.
    await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('grants of the service', 0))`);
    await makeRole(tx, role, decodeURIComponent(password));
    const [standing] = await tx.query<{ owns: boolean; name: string; schema: string }[]>(
      `SELECT pg_has_role($1::name, current_user, 'MEMBER') AS owns, quote_ident($1) AS name,
         quote_ident(current_schema()) AS schema`,
      [role],
    );
    if (standing === undefined || standing.owns) return;
    const { name, schema } = standing;
    await tx.query(`GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
    await tx.query(`REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC`);
    // Of tables that come later: what protects them is taken into account when this runs again, after their migration.
    await tx.query(
      `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${ALL.join(', ')} ON TABLES TO ${name}`,
    );
    for (const statement of await missingGrants(tx, role, name)) await tx.query(statement);
  });
}

async function makeRole(tx: EntityManager, role: string, password: string): Promise<void> {
  const [found] = await tx.query<{ exists: boolean; may: boolean; statement: string }[]>(
    `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS exists,
       (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS may,
       format('CREATE ROLE %I LOGIN PASSWORD %L', $1::text, $2::text) AS statement`,
    [role, password],
  );
  if (found === undefined || found.exists) return;
  if (!found.may)
    throw new SettingsError([
      `DATABASE_URL names a role that does not exist, and that of DATABASE_OWNER_URL may not make it: CREATE ROLE ${role} LOGIN PASSWORD '...'`,
    ]);
  await tx.query(found.statement);
}

interface TableRights {
  readonly table: string;
  readonly name: string;
  readonly granted: readonly string[];
  /** What a trigger refuses anyway. */
  readonly refused: readonly string[];
}

/** What has to be said so that exactly the rights that are needed stand. */
async function missingGrants(tx: EntityManager, role: string, name: string): Promise<string[]> {
  const tables = await tx.query<TableRights[]>(
    `SELECT relname AS table, quote_ident(relname) AS name,
       ARRAY(SELECT privilege_type FROM aclexplode(relacl) JOIN pg_roles ON pg_roles.oid = grantee WHERE rolname = $1) AS granted,
       ARRAY(SELECT DISTINCT event FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid,
               (VALUES ('DELETE', 8), ('UPDATE', 16)) AS events (event, bit)
             WHERE tgrelid = pg_class.oid AND proname = 'refuse_change' AND tgtype & bit <> 0) AS refused
     FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname`,
    [role],
  );
  return tables.flatMap(({ table, name: tableName, granted, refused }) => {
    const needed = (LESS[table] ?? ALL).filter((right) => !refused.includes(right));
    const missing = needed.filter((right) => !granted.includes(right));
    const excess = granted.filter((right) => !needed.includes(right));
    return [
      ...(missing.length > 0 ? [`GRANT ${missing.join(', ')} ON ${tableName} TO ${name}`] : []),
      ...(excess.length > 0 ? [`REVOKE ${excess.join(', ')} ON ${tableName} FROM ${name}`] : []),
    ];
  });
}
