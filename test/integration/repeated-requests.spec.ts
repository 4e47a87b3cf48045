import { createHash, randomUUID } from 'node:crypto';
import { canonicalJson } from '../../src/kernel';
import { newCpf } from '../support/webhooks';
import { createAccessWorld, type AccessWorld, type Call } from './access-world';

let world: AccessWorld;
let operator: Call;
beforeAll(async () => {
  world = await createAccessWorld();
  operator = world.as(await world.tokenFor('operator'));
});
afterAll(() => world.close());

const wanted = (document_number: string) => ({
  product: 'fgts',
  document_number,
  channel: 'console',
  wishes: { kind: 'maximum' },
});
const plainHash = (cpf: string): Buffer =>
  createHash('sha256')
    .update(`open proposal\n${canonicalJson(wanted(cpf))}`)
    .digest();
const open = (cpf: string, key: string) =>
  operator('POST', '/api/v1/proposals', wanted(cpf), { 'idempotency-key': key });
async function storedHash(key: string): Promise<Buffer | undefined> {
  const [row] = await world.dataSource.query<{ request_hash: Buffer }[]>(
    `SELECT request_hash FROM idempotent_request WHERE idempotency_key = $1`,
    [key],
  );
  return row?.request_hash;
}

it('what a repetition is known by tells nobody whose proposal it was, and another request is still told from it', async () => {
  const [cpf, key] = [newCpf(), randomUUID()];
  const first = await open(cpf, key);
  expect(first.status).toBe(202);
  const stored = await storedHash(key);
  expect(stored).toHaveLength(32);
  expect(stored).not.toEqual(plainHash(cpf));
  expect(await open(cpf, key)).toMatchObject({ status: 202, body: first.body });
  expect((await open(newCpf(), key)).status).toBe(422);
});

it('a repetition of what an earlier release was asked is known by its hash', async () => {
  const [cpf, key] = [newCpf(), randomUUID()];
  const first = await open(cpf, key);
  await world.dataSource.query(`UPDATE idempotent_request SET request_hash = $2 WHERE idempotency_key = $1`, [
    key,
    plainHash(cpf),
  ]);
  expect(await open(cpf, key)).toMatchObject({ status: 202, body: first.body });
  expect((await open(newCpf(), key)).status).toBe(422);
});

it('while a process of that release runs, it is left what it knows a repetition by', async () => {
  const older = randomUUID();
  await world.dataSource.query(
    `INSERT INTO instance (id, host, role, version, newest_migration, started_at, alive_until)
     VALUES ($1, 'older', 'web', 'older', 1700000014160, now(), now() + interval '1 minute')`,
    [older],
  );
  const [cpf, key, later] = [newCpf(), randomUUID(), randomUUID()];
  const first = await open(cpf, key);
  expect(await storedHash(key)).toEqual(plainHash(cpf));
  expect(await open(cpf, key)).toMatchObject({ status: 202, body: first.body });
  await world.dataSource.query(`UPDATE instance SET alive_until = now() WHERE id = $1`, [older]);
  const other = newCpf();
  await open(other, later);
  expect(await storedHash(later)).not.toEqual(plainHash(other));
});
