import { createDataSource, DatabaseRefusal, opened } from '../../src/platform';
import { createTestDatabase, type TestDatabase } from '../support/test-database';

describe('a database that does not open', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const tried = (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    return opened(createDataSource(url.href, { poolSize: 1 }));
  };

  it.each<readonly [string, (url: URL) => void, RegExp]>([
    [
      'another password',
      (url) => (url.password = 'other'),
      /does not let this user in.*password authentication failed/,
    ],
    ['nobody of that name', (url) => (url.username = 'nobody'), /does not let this user in/],
    ['another name', (url) => (url.pathname = '/other'), /has no such database.*"other" does not exist/],
    ['a port where nobody is', (url) => (url.port = '1'), /look at host and port \(connect ECONNREFUSED/],
    [
      'a name of several addresses',
      (url) => (url.host = 'localhost:1'),
      /look at host and port \(connect ECONNREFUSED/,
    ],
    ['no such host', (url) => (url.hostname = 'database.invalid'), /nobody knows a host of that name/],
    [
      'TLS asked for',
      (url) => {
        url.searchParams.set('sslmode', 'verify-full');
      },
      /it takes no TLS: look at sslmode/,
    ],
  ])('says what to look at, in one line: %s', async (_what, change, words) => {
    const refusal: unknown = await tried(change).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseRefusal);
    expect((refusal as Error).message).toMatch(words);
    expect((refusal as Error).message).not.toMatch(/\n|other:|:other@/);
  });
});
