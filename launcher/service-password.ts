import { Client } from 'pg';

/**
 * Gives the service's role the password that its file holds by now: where that was lost it was made anew, and the database knows
 * the former one. A role that is not there yet is made by the service's start.
 *
 * @param ownerUrl of the embedded database, as its superuser
 * @param serviceUrl the same with name and password of the service's role
 */
export async function givePassword(ownerUrl: string, serviceUrl: string): Promise<void> {
  const { username, password } = new URL(serviceUrl);
  const owner = new Client({ connectionString: ownerUrl, ssl: false });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ statement: string }>(
      `SELECT format('ALTER ROLE %I PASSWORD %L', rolname, $2::text) AS statement FROM pg_roles WHERE rolname = $1`,
      [username, password],
    );
    for (const { statement } of rows) await owner.query(statement);
  } finally {
    await owner.end();
  }
}
