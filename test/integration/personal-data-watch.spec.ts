import { Client } from 'pg';
import { PersonalDataWatch } from '../simulation/personal-data';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe('the watch for people in the clear', () => {
  const CPF = '52998224725';
  let database: TestDatabase;
  let sql: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new Client({ connectionString: database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await database.drop();
  });

  it.each([
    ['text', CPF],
    ['text[]', `{"CPF ${CPF}"}`],
    ['jsonb[]', `{"{\\"cpf\\": \\"${CPF}\\"}"}`],
    ['character(20)', CPF],
    ['bigint', CPF],
    ['numeric', CPF],
    ['bytea', `\\x${Buffer.from(CPF).toString('hex')}`],
  ])('reads columns of the type %s', async (type, value) => {
    const watch = new PersonalDataWatch(sql);
    await watch.look(new Set([CPF]));
    const table = `held_${type.replaceAll(/\W/g, '_')}`;
    await sql.query(`CREATE TABLE ${table} (what ${type})`);
    await sql.query(`INSERT INTO ${table} VALUES ($1)`, [value]);
    expect(await watch.look(new Set([CPF]))).toEqual([`${table}: 1 rows`]);
    await sql.query(`DROP TABLE ${table}`);
  });
});
