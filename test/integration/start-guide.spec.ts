import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

const page = readFileSync('docs/runbooks/start.md', 'utf8');
const [look = ''] = /SELECT pid, .*?;/s.exec(page) ?? [];
const [end = ''] = /SELECT pg_terminate_backend\(PID\);/.exec(page) ?? [];
const rights = [
  ...new Set([...page.matchAll(/`(pg_read_all_stats|pg_signal_backend)`/g)].map(([, name]) => name)),
];

describe('whoever looks for what a migration waits for, by the page', () => {
  let database: TestDatabase;
  const roles: string[] = [];
  const open: Client[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(async () => {
    await Promise.all(open.map((client) => client.end()));
    for (const role of roles) await database.asOwner(`DROP ROLE ${role}`);
    await database.drop();
  });

  async function connect(url: string): Promise<Client> {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined); // it is ended
    await client.connect();
    open.push(client);
    return client;
  }

  /** As another role that is nobody's superuser. */
  async function asRole(): Promise<{ role: string; client: Client }> {
    const [role, password] = [`guide_${randomBytes(4).toString('hex')}`, randomBytes(8).toString('hex')];
    await database.asOwner(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
    roles.push(role);
    const url = new URL(database.url);
    [url.username, url.password] = [role, password];
    return { role, client: await connect(url.href) };
  }

  const seenBy = async (client: Client): Promise<unknown[]> =>
    (await client.query<{ pid: number }>(look)).rows.map(({ pid }) => pid);

  it("finds and ends another role's transaction with the rights that it names, and with those of the service neither", async () => {
    const { client: owner } = await asRole();
    const { rows } = await owner.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const pid = rows[0]?.pid;
    await owner.query('BEGIN');
    const ending = end.replace('PID', String(pid));

    const service = await connect(database.serviceUrl);
    expect(await seenBy(service)).not.toContain(pid);
    await expect(service.query(ending)).rejects.toThrow();

    const { role, client: helper } = await asRole();
    expect(rights.toSorted()).toEqual(['pg_read_all_stats', 'pg_signal_backend']);
    await database.asOwner(`GRANT ${rights.join(', ')} TO ${role}`);
    expect(await seenBy(helper)).toContain(pid);
    expect((await helper.query(ending)).rows).toEqual([{ pg_terminate_backend: true }]);
  });
});
