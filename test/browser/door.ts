import type { Page } from 'playwright-core';
import type { Person } from '../support/people';
import type { ConsoleWorld } from './console-world';

export async function signIn(
  page: Page,
  { username, password, code }: Omit<Person, 'signIn'>,
): Promise<void> {
  await page.getByLabel('Usuário').fill(username);
  await page.getByLabel(/^Senha/).fill(password);
  await page.getByLabel('Código do autenticador').first().pressSequentially(code());
  await page.getByRole('button', { name: 'Entrar', exact: true }).click();
}

/** As half an hour without a key does, too. */
export async function endSessionsOf(
  world: ConsoleWorld,
  { username }: Pick<Person, 'username'>,
): Promise<void> {
  const { body } = await world.door.master('GET', '/api/v1/users?limit=100');
  const users = body['items'] as { id: string; username: string }[];
  const id = users.find((user) => user.username === username)?.id ?? '';
  const { status } = await world.door.master('DELETE', `/api/v1/users/${id}/sessions`);
  if (status >= 300) throw new Error(`the sessions of ${username} go on: ${String(status)}`);
}
