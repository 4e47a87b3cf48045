import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SQL = ['src', 'test', 'sandbox', 'demo', 'launcher']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('local-days.spec.ts'));

/** A session that runs on UTC is in tomorrow from nine in the evening of São Paulo on. */
it('nobody asks the session of a database what day it is', () => {
  const asks = /\bcurrent_date\b|\b(now|clock_timestamp)\(\)::date\b|date_trunc\('(day|week)', (now|clock_timestamp)\(\)\)/i;
  expect(SQL.length).toBeGreaterThan(500);
  expect(SQL.filter((file) => asks.test(readFileSync(file, 'utf8')))).toEqual([]);
});
