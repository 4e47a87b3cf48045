import type { DataSource } from 'typeorm';
import { codeOf } from '../../kernel';
import { databaseAt } from './database-address';
import { isDatabaseAway, UNTRUSTED } from './database-away';

/** What to look at, by what PostgreSQL, TLS or the system says to whoever opens a connection. */
const TO_LOOK_AT: readonly (readonly [codes: RegExp, look: string])[] = [
  [/^(28|42501$)/, 'it does not let this user in: look at user and password'],
  [/^3D000$/, 'the server has no such database: look at the name behind the last slash'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'nobody knows a host of that name: look at the host'],
  [UNTRUSTED, 'its certificate is not trusted: look at sslmode and sslrootcert'],
];
const NO_TLS = 'The server does not support SSL connections';

/** A database that did not open, in one line for whoever set its address. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal';
}

/** @throws DatabaseRefusal */
export async function opened(dataSource: DataSource): Promise<DataSource> {
  try {
    return await dataSource.initialize();
  } catch (error) {
    const look = whatToLookAt(error);
    if (look === undefined) throw error;
    const { options } = dataSource;
    const at = 'url' in options ? databaseAt(options.url) : 'the database';
    throw new DatabaseRefusal(`${at} does not open: ${look}`, { cause: error });
  }
}

/** @returns undefined where the error says nothing of the way there */
function whatToLookAt(error: unknown): string | undefined {
  const { message = '' } = (error ?? {}) as { readonly message?: string };
  const look = message === NO_TLS ? 'it takes no TLS: look at sslmode' : lookOf(error);
  return look && `${look} (${message === '' ? String(codeOf(error)) : message})`;
}

function lookOf(error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  const known = TO_LOOK_AT.find(([codes]) => codes.test(code));
  if (known !== undefined) return known[1];
  return isDatabaseAway(error) ? 'no PostgreSQL takes us there now: look at host and port' : undefined;
}
