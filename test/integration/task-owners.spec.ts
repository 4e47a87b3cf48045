import { TaskOwnerWatch } from '../../src/operation/task-owner-watch.service';
import { createAccessWorld, type AccessWorld } from './access-world';

let world: AccessWorld;
beforeAll(async () => {
  world = await createAccessWorld();
  await world.asOwner(
    `INSERT INTO app_user (id, username, roles, created_by, created_at, disabled_at) VALUES
       (gen_random_uuid(), 'present', '{operator}', 'test', now(), NULL),
       (gen_random_uuid(), 'disabled', '{operator}', 'test', now(), now()),
       (gen_random_uuid(), 'elsewhere', '{auditor}', 'test', now(), NULL)`,
  );
});
afterAll(() => world.close());

/** @returns the id of a task that this actor has claimed */
async function claimedBy(owner: string): Promise<string> {
  const [task] = (await world.asOwner(
    `WITH loan AS (
       INSERT INTO operation (credit_operation_key, product, status, status_since, opened_at)
       VALUES (gen_random_uuid()::text, 'private_payroll', 'parked', now(), now()) RETURNING credit_operation_key)
     INSERT INTO task (id, kind, credit_operation_key, reason_code, message, due_at, status, owner, opened_at)
     SELECT gen_random_uuid(), 'late', credit_operation_key, 'test', '', now(), 'claimed', '${owner}', now() FROM loan
     RETURNING id`,
  )) as { id: string }[];
  return task?.id ?? '';
}

const sweep = () => world.app.get(TaskOwnerWatch).sweep();
const ownerOf = async (task: string) => (await world.master('GET', `/api/v1/tasks/${task}`)).body['owner'];

it.each([
  ['stays with whoever may work on it', 'user:present', 'user:present'],
  ['stays with the token of the environment', 'api-token', 'api-token'],
  ['comes back from a disabled account', 'user:disabled', null],
  ['comes back from somebody who has another role now', 'user:elsewhere', null],
])('a task %s', async (_, owner, after) => {
  const task = await claimedBy(owner);
  await sweep();
  expect(await ownerOf(task)).toBe(after);
});

it('a task comes back from a token that is revoked, and was its own until then', async () => {
  const { body: token } = await world.master('POST', '/api/v1/tokens', {
    name: 'robot',
    roles: ['operator'],
  });
  const task = await claimedBy(String(token['actor']));
  await sweep();
  expect(await ownerOf(task)).toBe(token['actor']);
  await world.master('DELETE', `/api/v1/tokens/${String(token['id'])}`);
  await sweep();
  expect(await ownerOf(task)).toBeNull();
});
