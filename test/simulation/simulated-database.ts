import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { DatabaseClock } from '../../demo/database-clock';
import { applyMigrations } from '../../src/platform/database/apply-migrations';
import { databaseNamed } from '../support/test-database';

/** A database with the product's schema in which time is what each session has been told. */
export interface SimulatedDatabase {
  /** For the product's processes, whose sessions need SESSION_OPTIONS. */
  readonly url: string;
  /** Looks and ends connections; in real time. */
  readonly admin: Queries;
  /** What is committed now, while nobody else is connected. @returns its name */
  copy(): Promise<string>;
  /** The copy takes its place; what was committed since is gone. */
  goBackTo(copy: string): Promise<void>;
  drop(): Promise<void>;
}

export type Queries = Pick<Client, 'query'>;

const silent = { info: () => undefined, warn: () => undefined };
/** Time as a session was told it; who was told nothing must not go on with the real one. */
const TOLD = `current_setting('demo_clock.at')::timestamptz`;

/**
 * What a session needs to live in simulated time. The server's own time-outs run in real time: none of them may end what
 * is only slow on this machine.
 */
export const SESSION_OPTIONS = [
  ...DatabaseClock.connectionOptions,
  'deadlock_timeout=5ms',
  'statement_timeout=0',
  'idle_in_transaction_session_timeout=0',
]
  .map((one) => `-c ${one}`)
  .join(' ');

/** Made once for a server, and copied for each life. */
export class DatabaseMould {
  /** @param name of one that was made there */
  constructor(
    private readonly server: string,
    readonly name: string,
  ) {}

  /** @param server whose rights suffice to make databases */
  static async make(server: string): Promise<DatabaseMould> {
    const name = `arremate_simulation_${randomBytes(4).toString('hex')}`;
    await administer(server, `CREATE DATABASE ${name}`);
    const { url } = databaseNamed(server, name);
    await applyMigrations({ url, ownerUrl: undefined }, silent);
    await withClient(url, async (owner) => {
      await DatabaseClock.install(owner, new Date());
      for (const clock of ['now', 'clock_timestamp'])
        await owner.query(
          `CREATE OR REPLACE FUNCTION demo_clock.${clock}() RETURNS timestamptz LANGUAGE sql STABLE AS $$SELECT ${TOLD}$$`,
        );
    });
    return new DatabaseMould(server, name);
  }

  async copy(): Promise<SimulatedDatabase> {
    const name = `${this.name}_${randomBytes(3).toString('hex')}`;
    await administer(this.server, `CREATE DATABASE ${name} TEMPLATE ${this.name}`);
    const database = databaseNamed(this.server, name);
    const connect = async (): Promise<Client> => {
      const client = new Client({ connectionString: withClock(database.url) });
      await client.connect();
      return client;
    };
    let client = await connect();
    const withoutUs = async <T>(work: () => Promise<T>): Promise<T> => {
      await client.end();
      try {
        return await work();
      } finally {
        client = await connect();
      }
    };
    return {
      url: database.url,
      admin: {
        get query(): Client['query'] {
          return client.query.bind(client);
        },
      },
      copy: () => withoutUs(() => database.copy()),
      goBackTo: (copy) => withoutUs(() => database.goBackTo(copy)),
      drop: async () => {
        await client.end();
        await database.drop();
      },
    };
  }

  remove(): Promise<void> {
    return databaseNamed(this.server, this.name).drop();
  }
}

/** Settings of a server that is thrown away afterwards. Whoever waits for a lock learns quickly that it waits for ever. */
export const THROWAWAY_SERVER = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  deadlock_timeout: '5ms',
  max_connections: '200',
} as const;

function withClock(url: string): string {
  const address = new URL(url);
  address.searchParams.set('options', SESSION_OPTIONS);
  return address.href.replaceAll('+', '%20');
}

async function administer(server: string, statement: string): Promise<void> {
  await withClient(server, (client) => client.query(statement));
}

async function withClient(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
